"""The dossier's screen before a browser: several files at once, a fault said in place, a file opened."""

from playwright.sync_api import Page, expect

from tests.browser.site import DESK, PHONE, Room
from tests.browser.test_looks import TOO_WIDE, faults
from tests.files import pdf, picture


def chosen(page: Page, *files: tuple[str, bytes]) -> None:
    page.get_by_label("文件", exact=False).first.set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )


def test_files_are_uploaded_and_a_fault_is_said_in_place(room: Room) -> None:
    desk = room("owner")
    desk.open(f"/case/{room.site.world.case}/dossier")
    chosen(desk.page, ("借条.pdf", pdf(2)), ("合同.exe", b"MZ"))
    desk.page.get_by_label("文书种类").select_option("07")
    desk.press("上传")
    expect(desk.page.get_by_role("alert")).to_contain_text("“合同.exe”：不能上传")
    chosen(desk.page, ("借条.pdf", pdf(2)), ("现场.jpg", picture()))
    desk.press("上传")
    desk.told("已上传 2 个文件")
    with desk.page.expect_download() as download:
        desk.press("下载 借条")
    assert download.value.suggested_filename == "借条.pdf"
    with desk.page.context.expect_page() as opened:
        desk.press("查看 现场")
    assert opened.value.evaluate("document.images.length") == 1
    desk.press("改名或移去 现场")
    desk.page.get_by_label("名称").fill("院墙照片")
    desk.press("保存")
    desk.sees("院墙照片")
    desk.faults.clear()  # the fault of the first upload is an answer of 422 to the script


def test_everybody_can_use_the_dossier(room: Room) -> None:
    world = room.site.world
    for path in (f"/case/{world.settled_case}/dossier", f"/case/{world.archived_case}/dossier"):
        for screen in (DESK, PHONE):
            for dark in (False, True):
                desk = room("office", dark=dark, **screen)
                assert desk.open(path).status == 200
                assert faults(desk.page) == []
                assert desk.page.evaluate(TOO_WIDE) <= 0
    desk = room("office")
    desk.open(f"/case/{world.settled_case}/dossier")
    desk.press("改名或移去 身份证.pdf")
    assert faults(desk.page) == []
    desk.press("移去")
    desk.agree("移去")
    desk.told("移去一条")
