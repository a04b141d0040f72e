"""Short questions in Chinese, and by which rule a real title is what was asked for.

The titles are those of the unpacked corpus `chinese`; nothing of them is kept here. A title is relevant when it has each word
of the question as a word: `rjieba` (jieba's dictionary and model, in Rust) cuts the title, OpenCC makes it simplified. A word
is there when it begins and ends where words do, or is a word within a longer one whose other parts are words, too (气象 in
中央气象局). One character alone is there when the title has it. Neither is used by the search.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import opencc
import rjieba

_simple = opencc.OpenCC("t2s").convert


@dataclass(frozen=True)
class Judged:
    """What is typed, and the words that a title has to have: of each of `words` one."""

    typed: str
    words: tuple[tuple[str, ...], ...]
    kind: str


@dataclass(frozen=True)
class Judgement:
    """What became of a question: how many titles are relevant, how many were found, and how many are both."""

    judged: Judged
    relevant: int
    found: int
    both: int

    @property
    def recall(self) -> float:
        return self.both / self.relevant if self.relevant else 1.0

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 1.0


def titles(folder: Path) -> list[str]:
    """The real titles in the corpus, each once."""
    return list(dict.fromkeys(filter(None, (" ".join(title.split()) for title in _titles(folder)))))


def _titles(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("data_title.txt")):
        yield from path.read_text("utf-8", errors="replace").splitlines()
    for path in sorted(folder.rglob("sources/**/*.json")):
        yield json.loads(path.read_text("utf-8"))["name"].get("zh") or ""
    for path in sorted(folder.rglob("taoyuan-600.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (row["資料名稱"] for row in csv.DictReader(file))


@lru_cache(maxsize=100_000)
def simple(text: str) -> str:
    """A text in simplified characters, upper and lower case alike."""
    return str(_simple(text)).lower()


_KNOWN = "原住民族 电动车辆"
"""Words of the place that the dictionary lacks."""

_jieba = rjieba.Jieba()
for _word in _KNOWN.split():
    _jieba.add_word(_word, 10_000, "n")


@lru_cache(maxsize=100_000)
def _cut(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple(_jieba.tokenize(text, "default", True))


def has(title: str, word: str) -> bool:
    """Whether a title has a word as a word; both simplified."""
    if len(word) == 1:
        return word in title
    place = title.find(word)
    while place >= 0:
        end = place + len(word)
        cut = [(token, start, until) for token, start, until in _cut(title) if start < end and until > place]
        if all(_is_whole(token, max(place, start) - start, min(end, until) - start) for token, start, until in cut):
            return True
        place = title.find(word, place + 1)
    return False


def _is_whole(token: str, start: int, end: int) -> bool:
    """Whether what a word takes of a token is all of it, or is itself a word and leaves words or single characters."""
    inner = token[start:end]
    if inner == token:
        return True
    left = (token[:start], token[end:])
    return len(inner) > 1 and _jieba.has_word(inner) and all(len(one) < 2 or _jieba.has_word(one) for one in left)


def relevant(judged: Judged, all_titles: Iterable[str]) -> set[str]:
    """The titles that are what was asked for."""
    ways = [[simple(word) for word in group] for group in judged.words]
    found = set()
    for title in all_titles:
        text = simple(title)
        if all(any(word in text and has(text, word) for word in group) for group in ways):
            found.add(title)
    return found


def _one(kind: str, words: str) -> list[Judged]:
    return [Judged(word, ((word,),), kind) for word in words.split()]


def _several(kind: str, *typed: str) -> list[Judged]:
    return [Judged(one, tuple((word,) for word in one.split()), kind) for one in typed]


def _together(*parted: str) -> list[Judged]:
    """Words that are typed without blanks."""
    return [Judged(one.replace("/", ""), tuple((word,) for word in one.split("/")), "together") for one in parted]


def _alike(*groups: str) -> list[Judged]:
    """The first word of each group is typed; all of them mean it."""
    return [Judged(group.split()[0], (tuple(group.split()),), "synonym") for group in groups]


QUESTIONS = [
    *_one("two", "人口 交通 公园 医院 学校 水质 图书 火灾 地震 停车 气象 雨量"),
    *_one("two", "农业 渔业 旅游 文化 选举 犯罪 预算 税务 土地 房屋 劳工 失业"),
    *_one("two", "教育 幼儿 环境 噪音 垃圾 电力 水库 河川 道路 桥梁 公车 铁路"),
    *_one("two", "机场 港口 观光 博物 体育 社区 长照 食品 药品 疫苗 会计 基金"),
    *_one("two", "协会 汽车 海关 能源 国民 法院 公司 名册 国际 市长 中心 大学 公会 民生"),
    *_one("long", "停车场 图书馆 博物馆 空气品质 交通事故 公共厕所 登革热 原住民"),
    *_one("long", "不动产 所得税 幼儿园 派出所 消防局 垃圾车 自行车 统计局 气象局"),
    *_one("long", "地方法院 人民银行 药品监督 科学院 政府采购 消费者 公务员 会计报告"),
    *_one("traditional", "學校 醫院 圖書館 臺灣 臺北 環境 氣象 農業 選舉"),
    *_one("traditional", "廢棄物 身心障礙 衛生所 戶政事務所 警察局 電動車 國民 歷年 體育館 資料庫"),
    *_one("simplified", "台湾 台北 废弃物 身心障碍 卫生所 户政事务所 电动车"),
    *_one("simplified", "历年 财政 实价登录 志愿服务 数据库 乡镇 历史 后备"),
    *_one("one", "水 路 橋 桥 税 茶 魚 電 电 癌"),
    *_several("words", "桃园 停车场", "新北市 图书馆", "水质 监测", "臺中市 公園"),
    *_several("words", "交通事故 死亡", "人口 統計", "醫院 病床", "国家 统计局"),
    *_together("桃园市/停车场", "台北市/公园", "新北市/图书馆", "台中市/幼儿园", "台南市/登革热"),
    *_together("空气/监测站", "河川/水质", "水庫/水質", "嘉义市/预算"),
    *_together("中国/汽车/协会", "国家/人民银行", "高雄市/交通事故", "桃园市/公共/厕所", "医院/病床/统计"),
    *_alike("发改委 发展和改革委员会 发展改革委", "卫健委 卫生健康委员会 卫生健康委"),
    *_alike("高校 高等学校", "GDP 国内生产总值"),
]  # fmt: skip
