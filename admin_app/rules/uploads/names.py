"""The name of an uploaded file: it is shown to others and given to them when they download."""

import re
import unicodedata

from admin_app.rules.uploads.unfit import Unfit

LONGEST = 150
# Controls, marks that turn the reading direction or cannot be seen, halves of characters, unassigned ones,
# and line ends: with them a name may read other than it is ("‮fdp.exe").
HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
FORBIDDEN = re.compile(r'[/\\:*?"<>|]')  # what Windows does not allow in a name; the slashes lead elsewhere
RESERVED = re.compile(
    r"(CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)


def fit_name(name: str) -> str:
    """The name as it is kept (Unicode form C, no spaces around), or the reason why not."""
    if any(unicodedata.category(char) in HIDDEN for char in name):
        raise Unfit("文件名里有看不见的字符，请把文件重新命名再传。")
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise Unfit("请选择文件；文件要有名字。")
    if FORBIDDEN.search(name):
        raise Unfit('文件名里不能有 / \\ : * ? " < > | 这些符号，请改名再传。')
    if name.startswith("."):
        raise Unfit("文件名不能以“.”开头，请改名再传。")
    if RESERVED.fullmatch(name):
        raise Unfit(f"“{name}”是电脑系统留用的名字，请改名再传。")
    if len(name) > LONGEST:
        raise Unfit(f"文件名太长（{len(name)} 个字），请改短到 {LONGEST} 个字以内再传。")
    return name
