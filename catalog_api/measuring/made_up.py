"""Made-up Chinese datasets in any number, all different, the same ones every time: what a large city's directory looks like
to a search engine. Pure."""

import random
import uuid

from metadata.entry import Entry
from metadata.model import Agent, Coded, Dataset, Distribution, InformationItem, Openness, Period, Place, Sharing
from metadata.text import Text
from metadata.vocabulary import coded


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PLACES = _listed(
    "明川市 鼓楼区 清河区 北陵区 镜湖区 东山县 临江区 白云镇 新港区 高新区 石桥街道 柳林乡 全市 老城区 南湾新区 青龙县"
)
_OFFICES = _listed("""
交通运输局 水务局 生态环境局 卫生健康委员会 教育局 统计局 市场监督管理局 住房和城乡建设局 公安局 民政局 人力资源和社会保障局
农业农村局 文化广电和旅游局 应急管理局 自然资源和规划局 气象局 发展和改革委员会 财政局 税务局 城市管理局 林业和草原局 体育局
""")
_TOPICS = _listed("""
公共交通线路 公交站点 空气质量监测 河流水质监测 地下水位 医疗机构 药品零售企业 中小学校 幼儿园 人口统计 企业登记 行政许可
行政处罚 住房公积金 保障性住房 房屋征收 停车场 道路施工 桥梁隧道 交通事故 出租汽车 共享单车 养老机构 救助站 就业培训 社会保险
粮食收购 农产品价格 畜禽养殖 图书馆 博物馆 文物保护单位 旅游景区 星级饭店 应急避难场所 消防栓 地质灾害隐患点 国有土地出让
矿产资源 气象观测 降雨量 台风路径 重点项目 财政预算 政府采购 纳税信用 垃圾分类 路灯 公园绿地 古树名木 体育场馆 食品抽检
特种设备 传染病疫情 疫苗接种 家庭医生 残疾人服务 婚姻登记 社会组织 慈善募捐 电力设施 供水管网 污水处理 燃气管道 充电桩
新能源汽车
""")
_KINDS = _listed("基本信息 统计表 名录 清单 监测结果 年度报告 明细 分布图 汇总表 目录 台账 实时数据")
_WORDS = _listed("交通 环境 健康 教育 统计 城市 民生 安全 企业 人口 土地 水 气象 财政 文化 农业 能源 信用 旅游 应急")
_COLUMNS = _listed(
    "序号 名称 地址 经度 纬度 联系电话 统一社会信用代码 更新时间 行政区划代码 数值 单位 年份 月份 类别 状态 负责人"
)
_SAYINGS = (
    "数据由{office}按{often}汇总后报送，口径与统计年鉴一致。",
    "收录{place}范围内的{topic}，每条记录含名称、地址与坐标。",
    "本目录依据政务信息资源编制要求登记，可申请共享使用。",
    "历史数据自{year}年起保存，缺失的月份以空值表示。",
    "坐标采用2000国家大地坐标系，精确到小数点后六位。",
    "涉及个人的字段已经脱敏，只保留到街道一级。",
    "字段含义见信息项说明，代码见国家标准GB/T 2260与GB/T 4754。",
)
_OFTEN = (("DAILY", "日"), ("WEEKLY", "周"), ("MONTHLY", "月"), ("QUARTERLY", "季度"), ("ANNUAL", "年"))
_THEMES = _listed("AGRI ECON EDUC ENER ENVI GOVE HEAL JUST REGI SOCI TECH TRAN")
_FORMATS = _listed("CSV JSON XLSX XML GEOJSON SHP PDF")
_LICENCES = _listed("CC-BY-4.0 CC0-1.0 CN-GOV-OPEN CN-GOV-CONDITIONAL ODbL-1.0")
_TITLES = len(_PLACES) * len(_TOPICS) * len(_KINDS)


def entry(number: int) -> Entry:
    """The made-up dataset of this number."""
    chance = random.Random(number)  # noqa: S311
    office = chance.randrange(len(_OFFICES))
    moment = f"20{chance.randint(21, 26)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T08:00:00.000000Z"
    return Entry(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        name=f"made-up-{number}",
        identifier=f"{307000 + office}/{number:07}",
        state="published",
        source="made-up",
        standard="ckan",
        organization=f"office-{office}",
        organization_title={"zh": _OFFICES[office]},
        created=moment,
        updated=moment,
        sequence=number + 1,
        errors=chance.choice((0, 0, 0, 2)),
        warnings=chance.choice((0, 0, 3)),
        digest="",
        dataset=_dataset(number, chance, _OFFICES[office]),
        use=int(chance.paretovariate(0.7)) - 1,
    )


def _dataset(number: int, chance: random.Random, office: str) -> Dataset:
    place, topic, kind = _title_words(number)
    year, (often, often_words) = 2010 + number % 17, chance.choice(_OFTEN)
    said = {"office": office, "place": place, "topic": topic, "year": year, "often": often_words}
    area = _PLACES.index(place)
    west, south = 122.9 + area * 0.05, 41.4 + area * 0.03
    return Dataset(
        identifier=f"made-up-{number}",
        title=_title(number, place, topic, kind, year),
        description={"zh": "".join(saying.format(**said) for saying in chance.sample(_SAYINGS, chance.randint(2, 5)))},
        publisher=Agent(name={"zh": f"明川市{office}"}),
        keyword={"zh": (topic, *chance.sample(_WORDS, 3))},
        theme=(coded("theme", chance.choice(_THEMES)),),
        classification=Coded(code=f"30{chance.randint(1, 9)}{chance.randint(1, 40):03}"),
        issued=f"{year}-{chance.randint(1, 12):02}-01",
        modified=f"20{chance.randint(20, 26)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        accrual_periodicity=coded("frequency", often),
        language=("zh",),
        spatial=(Place(name={"zh": place}, box=(west, south, west + 0.1, south + 0.08)),),
        temporal=(Period(start=f"{year}-01-01", end=f"{year}-12-31"),),
        license=coded("licence", chance.choice(_LICENCES)),
        distribution=tuple(
            Distribution(title={"zh": f"{topic}{form}"}, format=coded("format", form), byte_size=chance.randint(1, 9) * 10_000)
            for form in chance.sample(_FORMATS, chance.randint(1, 3))
        ),
        information_item=tuple(InformationItem(name={"zh": name}) for name in chance.sample(_COLUMNS, 6)),
        openness=Openness(kind=chance.choice(("open", "open", "conditional"))),
        sharing=Sharing(kind=chance.choice(("unconditional", "conditional", "none"))),
    )


def _title_words(number: int) -> tuple[str, str, str]:
    """Another combination for every number up to all there are; 7,919 is prime, so that neighbours differ."""
    place = number * 7_919 % _TITLES
    place, kind = divmod(place, len(_KINDS))
    place, topic = divmod(place, len(_TOPICS))
    return _PLACES[place], _TOPICS[topic], _KINDS[kind]


def _title(number: int, place: str, topic: str, kind: str, year: int) -> Text:
    turn = number // _TITLES
    return {"zh": f"{place}{topic}{kind}（{year}年{f'第{turn}期' if turn else ''}）"}
