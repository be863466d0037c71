// How far an upload has come. Without this file the form is sent as any other.

export function start() {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const fault = form.querySelector("[data-upload-fault]");
  const shown = form.querySelector("[data-upload-progress]");
  const button = form.querySelector("button");

  function refuse(sentence) {
    fault.textContent = sentence;
    fault.hidden = false;
    shown.hidden = true;
    button.disabled = false;
  }

  function progress(event) {
    const percent = Math.round((event.loaded / event.total) * 100);
    shown.hidden = false;
    shown.querySelector("progress").value = percent;
    shown.querySelector("output").textContent = percent < 100 ? `已上传 ${percent}%` : "正在检查文件……";
  }

  function answered(request) {
    if (request.getResponseHeader("Content-Type") === "application/json") {
      const answer = JSON.parse(request.responseText);
      return answer.url ? location.assign(answer.url) : refuse(answer.errors.join("；"));
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    return refuse(page.querySelector("h1")?.textContent.trim() || "没有传上去，请刷新页面再试一次。");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // it may be sent again after a fault
    const largest = Number(form.dataset.upload);
    const tooLarge = [...form.elements.files.files].find((file) => file.size > largest * 1024 * 1024);
    if (tooLarge) return refuse(`“${tooLarge.name}”太大了，每个最大 ${largest} MB。`);
    fault.hidden = true;
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", progress);
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => refuse("没有传上去：网断了，或者几个文件加起来太大。请检查后再试一次，或者分几次传。"));
    request.send(new FormData(form));
  });
}
