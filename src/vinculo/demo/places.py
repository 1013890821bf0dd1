"""Where demo customers are: cities, streets, postal codes, phone numbers and tax ids by country.

Numbers are valid in form. Where a country keeps numbers for fiction (the American 555, the British
drama numbers) they are taken from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc
from stdnum.es import cif


@dataclass(frozen=True, slots=True)
class City:
    """A city: its name, region, the beginning of its postal codes and its landline code."""

    name: str
    region: str
    postal: str
    area: str
    latin: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """A country with the language its customers speak and their share of all customers."""

    code: str
    language: str
    share: int
    postal_digits: int
    cities: tuple[City, ...]
    streets: tuple[str, ...]


def _cities(text: str) -> tuple[City, ...]:
    rows = (line.strip() for line in text.strip().splitlines())
    return tuple(City(*(part.strip() for part in row.split("|"))) for row in rows)


SPAIN = Country("ES", "es", 26, 5, _cities("""
    Madrid | Madrid | 280 | 91
    Barcelona | Barcelona | 080 | 93
    Valencia | Valencia | 460 | 96
    Sevilla | Sevilla | 410 | 95
    Zaragoza | Zaragoza | 500 | 976
    Málaga | Málaga | 290 | 952
    Bilbao | Bizkaia | 480 | 944
    A Coruña | A Coruña | 150 | 981
    Valladolid | Valladolid | 470 | 983
    Alicante | Alicante | 030 | 965
"""), ("Calle Mayor", "Calle del Sol", "Avenida de la Constitución", "Paseo de la Ribera",
       "Polígono El Olivar, nave", "Calle de los Alfareros", "Plaza del Mercado",
       "Camino Viejo", "Ronda Norte", "Calle San Juan"))  # fmt: skip

MEXICO = Country("MX", "es", 9, 5, _cities("""
    Ciudad de México | CDMX | 060 | 55
    Guadalajara | Jalisco | 441 | 33
    Monterrey | Nuevo León | 640 | 81
    Puebla | Puebla | 720 | 222
    Mérida | Yucatán | 970 | 999
"""), ("Avenida Reforma", "Calle Hidalgo", "Calle Morelos", "Boulevard Independencia",
       "Calle Cinco de Mayo"))  # fmt: skip

ARGENTINA = Country("AR", "es", 4, 4, _cities("""
    Buenos Aires | Buenos Aires | 14 | 11
    Córdoba | Córdoba | 50 | 351
    Rosario | Santa Fe | 20 | 341
"""), ("Avenida Belgrano", "Calle San Martín", "Calle Rivadavia", "Avenida de Mayo"))  # fmt: skip

UNITED_STATES = Country("US", "en", 16, 5, _cities("""
    New York | NY | 100 | 212
    Chicago | IL | 606 | 312
    Boston | MA | 021 | 617
    San Francisco | CA | 941 | 415
    Austin | TX | 787 | 512
    Seattle | WA | 981 | 206
    Denver | CO | 802 | 303
    Miami | FL | 331 | 305
    Portland | OR | 972 | 503
    Atlanta | GA | 303 | 404
"""), ("Main Street", "Oak Avenue", "Industrial Way", "Market Street", "Harbor Drive",
       "Maple Road", "Second Avenue", "Mill Lane"))  # fmt: skip

BRITAIN = Country("GB", "en", 12, 0, _cities("""
    London | Greater London | EC1 | 20 7946
    Manchester | Greater Manchester | M1 | 161 496
    Birmingham | West Midlands | B1 | 121 496
    Leeds | West Yorkshire | LS1 | 113 496
    Bristol | Bristol | BS1 | 117 496
    Edinburgh | Edinburgh | EH1 | 131 496
    Glasgow | Glasgow | G1 | 141 496
    Liverpool | Merseyside | L1 | 151 496
"""), ("High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane",
       "Kings Road", "Dock Street"))  # fmt: skip

CHINA = Country("CN", "zh-hans", 18, 6, _cities("""
    北京市 | 北京市 | 1000 | 10 | Beijing
    上海市 | 上海市 | 2000 | 21 | Shanghai
    广州市 | 广东省 | 5100 | 20 | Guangzhou
    深圳市 | 广东省 | 5180 | 755 | Shenzhen
    杭州市 | 浙江省 | 3100 | 571 | Hangzhou
    成都市 | 四川省 | 6100 | 28 | Chengdu
    苏州市 | 江苏省 | 2150 | 512 | Suzhou
    武汉市 | 湖北省 | 4300 | 27 | Wuhan
    重庆市 | 重庆市 | 4000 | 23 | Chongqing
"""), ("人民路", "中山路", "建设大道", "解放路", "工业园区一路", "长江路", "和平街",
       "科技园南路"))  # fmt: skip

TAIWAN = Country("TW", "zh-hant", 8, 3, _cities("""
    台北市 | 台北市 | 1 | 2 | Taipei
    新北市 | 新北市 | 2 | 2 | New Taipei
    台中市 | 台中市 | 4 | 4 | Taichung
    台南市 | 台南市 | 7 | 6 | Tainan
    高雄市 | 高雄市 | 8 | 7 | Kaohsiung
"""), ("中正路", "中山北路", "民生東路", "忠孝東路", "建國路", "工業區二路"))  # fmt: skip

HONG_KONG = Country("HK", "zh-hant", 3, 0, _cities("""
    九龍 | 香港 |  | | Kowloon
    中環 | 香港 |  | | Central
    沙田 | 新界 |  | | Sha Tin
"""), ("彌敦道", "皇后大道", "德輔道", "廣東道"))  # fmt: skip

JAPAN = Country("JP", "ja", 4, 0, _cities("""
    東京都 | 東京都 | 100 | 3 | Tokyo
    大阪市 | 大阪府 | 530 | 6 | Osaka
    名古屋市 | 愛知県 | 460 | 52 | Nagoya
"""), ("中央町", "本町", "栄町", "桜通り"))  # fmt: skip

COUNTRIES = (SPAIN, MEXICO, ARGENTINA, UNITED_STATES, BRITAIN, CHINA, TAIWAN, HONG_KONG, JAPAN)
SHARES = tuple(country.share for country in COUNTRIES)


def postal_code(rng: Random, country: Country, city: City) -> str:
    """A postal code of that city."""
    if country.code == "HK":
        return ""
    if country.code == "GB":
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        ending = f"{rng.randrange(1, 10)}{rng.choice(letters)}{rng.choice(letters)}"
        return f"{city.postal} {ending}"
    if country.code == "JP":
        return f"{city.postal}-{rng.randrange(10_000):04d}"
    missing = country.postal_digits - len(city.postal)
    return city.postal + str(rng.randrange(10**missing)).zfill(missing)


def street(rng: Random, country: Country) -> str:
    """A street with a number, in the order of the country."""
    name, number = rng.choice(country.streets), rng.randrange(1, 220)
    if country.language == "en":
        return f"{number} {name}"
    if country.language == "es":
        return f"{name} {number}"
    if country.language == "ja":
        return f"{name}{number % 9 + 1}-{number % 20 + 1}"
    return f"{name}{number}{'号' if country.language == 'zh-hans' else '號'}"


def landline(rng: Random, country: Country, city: City) -> tuple[str, str]:
    """A phone number of an office: as typed there, and in E.164."""
    number = rng.randrange(10**8)
    if country.code == "GB":
        local = f"0{number % 1000:03d}"
        code = city.area.replace(" ", "")
        area, _gap, exchange = city.area.partition(" ")
        return f"0{area} {exchange} {local}", f"+44{code}{local}"
    if country.code == "US":
        return f"({city.area}) 555-{number % 10_000:04d}", f"+1{city.area}555{number % 10_000:04d}"
    if country.code == "ES":
        rest = f"4{number:08d}"[: 9 - len(city.area)]
        return f"{city.area} {rest[:3]} {rest[3:]}", f"+34{city.area}{rest}"
    if country.code == "MX":
        rest = f"{2 + number % 7}{number:08d}"[: 10 - len(city.area)]
        return f"{city.area} {rest[:-4]} {rest[-4:]}", f"+52{city.area}{rest}"
    if country.code == "AR":
        rest = f"4{number:08d}"[: 10 - len(city.area)]
        return f"{city.area} {rest[:-4]} {rest[-4:]}", f"+54{city.area}{rest}"
    if country.code == "CN":
        return f"0{city.area}-8{number % 10**7:07d}", f"+86{city.area}8{number % 10**7:07d}"
    if country.code == "TW":
        rest = f"2{number:08d}"[: 8 if city.area in ("2", "4") else 7]
        return f"0{city.area}-{rest[:-4]}-{rest[-4:]}", f"+886{city.area}{rest}"
    if country.code == "JP":
        rest = f"5{number:08d}"[: 9 - len(city.area)]
        return f"0{city.area}-{rest[:-4]}-{rest[-4:]}", f"+81{city.area}{rest}"
    rest = f"2{5 + number % 4}{number % 10**6:06d}"
    return f"{rest[:4]} {rest[4:]}", f"+852{rest}"


def mobile(rng: Random, country: Country, city: City) -> tuple[str, str]:
    """A person's phone number: as typed there, and in E.164."""
    number = rng.randrange(10**8)
    if country.code == "ES":
        rest = f"6{number:08d}"
        return f"{rest[:3]} {rest[3:6]} {rest[6:]}", f"+34{rest}"
    if country.code == "CN":
        rest = f"13{5 + number % 5}{number:08d}"
        return f"{rest[:3]} {rest[3:7]} {rest[7:]}", f"+86{rest}"
    if country.code == "TW":
        rest = f"9{1 + number % 3}{number % 10**7:07d}"
        return f"0{rest[:3]}-{rest[3:6]}-{rest[6:]}", f"+886{rest}"
    if country.code == "HK":
        rest = f"9{1 + number % 7}{number % 10**6:06d}"
        return f"{rest[:4]} {rest[4:]}", f"+852{rest}"
    if country.code == "JP":
        rest = f"90{1 + number % 9}{number % 10**7:07d}"
        return f"0{rest[:2]}-{rest[2:6]}-{rest[6:]}", f"+81{rest}"
    return landline(rng, country, city)


def tax_id(rng: Random, country: Country) -> str:
    """A tax id whose check digit is right, "" for countries where we make none up."""
    if country.code == "ES":
        number = f"B{rng.randrange(10**7):07d}"
        return f"{number}{cif.calc_check_digits(number)[0]}"
    if country.code == "CN":
        number = f"91310115MA1{rng.randrange(10**6):06d}"
        return f"{number}{uscc.calc_check_digit(number)}"
    return ""
