"""Made-up people and organisations, the same ones every time for the same source of chance.

An identity number carries a correct check digit but the district 330700, a city's own code under which no
identity card is issued; telephones begin with 154, a range given to no operator; a bank account begins with
0, as no card does. So none of them is anybody's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric, uscc

_SURNAMES = (
    "王王王李李张张陈陈陈陈徐徐徐吴吴吴朱朱胡胡何何金金方方楼傅叶郑黄周施蒋潘杨俞邵骆盛吕厉应"
    "刘赵孙马林郭高罗梁宋唐许韩冯邓曹彭曾肖田董袁余杜苏魏程丁沈任姚卢姜崔钟谭陆汪范石廖贾夏"
)
_MALE = "伟强军勇杰涛明刚平辉建国志文斌波宏海峰林森福根土良法荣金水松柏云龙华新旭东晓俊浩宇晨立德"
_FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰红梅琴素珍春燕雪莲爱华美凤慧巧倩颖婷佳怡欣梦瑶月仙菊香彩飞"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ETHNICITIES = ("01",) * 96 + ("22", "22", "03", "06")  # 汉族, 畲族, 回族, 苗族
_UNISSUED_DISTRICT = "330700"
_UNASSIGNED_RANGE = "154"


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    sex: str
    birth_on: date
    ethnicity: str
    id_number: str
    phone: str


class People:
    """Makes people; no two of them share an identity number."""

    def __init__(self, chance: Random, today: date) -> None:
        self.chance = chance
        self.today = today
        self._taken: set[str] = set()

    def person(self, youngest: int = 24, oldest: int = 66, sex: str | None = None) -> Person:
        """Somebody of that age, and of that sex (GB/T 2261.1) if one is given."""
        chance = self.chance
        sex = sex or chance.choice("11122")
        birth_on = self.today - timedelta(days=chance.randint(youngest * 366, oldest * 365))
        return Person(
            name=self.name(sex),
            sex=sex,
            birth_on=birth_on,
            ethnicity=chance.choice(_ETHNICITIES),
            id_number=self._id_number(birth_on, sex),
            phone=self.phone(),
        )

    def name(self, sex: str = "1") -> str:
        """A surname and one or two characters."""
        given = _MALE if sex == "1" else _FEMALE
        return self.chance.choice(_SURNAMES) + "".join(
            self.chance.sample(given, self.chance.choice((1, 2, 2, 2)))
        )

    def phone(self) -> str:
        """A mobile number that nobody has."""
        return f"{_UNASSIGNED_RANGE}{self.chance.randrange(10**8):08}"

    def bank_account(self) -> str:
        """Nineteen digits that no bank issues."""
        return f"0{self.chance.randrange(10**18):018}"

    def organisation(self, place: str, trade: str) -> str:
        """`婺城区` and `建材有限公司` → `婺城区甲子建材有限公司`."""
        return f"{place}{self.chance.choice(_STEMS)}{self.chance.choice(_BRANCHES)}{trade}"

    def credit_code(self) -> str:
        """A unified social credit code whose registering district does not exist."""
        stem = f"91330799MA{self.chance.randrange(10**7):07}"
        return stem + str(uscc.calc_check_digit(stem))

    def _id_number(self, birth_on: date, sex: str) -> str:
        while True:
            order = self.chance.randrange(0, 1000, 2) + (sex == "1")
            stem = f"{_UNISSUED_DISTRICT}{birth_on:%Y%m%d}{order:03}"
            if stem not in self._taken:
                self._taken.add(stem)
                return stem + str(ric.calc_check_digit(f"{stem}0"))
