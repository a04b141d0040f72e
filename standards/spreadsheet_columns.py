"""The columns of catalogues kept in tables, and which column of a table is which: detected from its header, shown, editable.

    mapping(header, given) -> tuple[Column, ...]     for each column: the field, the language, and how it was found

`given` maps headers to fields (`{"Sachgebiet": "theme", "备注": ""}`; "" for none) and goes before what is detected; it may
also be the member `mapping` of a row's body. Detected is safe: a header that means a field by one of its names in Chinese
or English (`exact`; case, width, blanks, hyphens, brackets and a language such as `(en)` do not count), or one that does so
without a word like 数据集 or `dataset` before it, or with one slip of the pen in eight letters or more (`near`). Whatever
is not sure is none, and stays in `extra` under its own header.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from metadata.vocabulary import language_tag


class Column(NamedTuple):
    """One column: its header as written, the field ("" for none), the language it names ("" for none), and how it was found:
    `exact`, `near`, `given`, `none`."""

    header: str
    field: str
    language: str
    found: str


class Name(NamedTuple):
    """A field: its header in Chinese and English as Mulu writes it, and other names, folded."""

    zh: str
    en: str
    also: str = ""


NAMES: dict[str, Name] = {
    "identifier": Name(
        "标识符",
        "identifier",
        "id,编号,編號,序号标识,数据集编号,目录编码,资源编码,信息资源代码,資料集編號,uuid,guid,dcidentifier,registryfileid,識別碼,資料集識別碼",
    ),
    "title": Name(
        "标题",
        "title",
        "名称,name,资料名称,資料名稱,數據名稱,数据名称,标题名称,标题名,目录名称,信息资源名称,资源名称,資料集名稱,dctitle,题名,資料集標題,資料資源名稱",
    ),
    "title_other": Name("其他标题", "alternative title", "alternativetitle,alttitle,别名,简称"),
    "description": Name(
        "描述",
        "description",
        "摘要,abstract,notes,简介,说明,内容描述,信息资源摘要,資料集描述,内容摘要,summary,描述信息,dcdescription",
    ),
    "publisher": Name(
        "发布机构",
        "publisher",
        "提供机构,提供方,发布单位,提供单位,数源单位,信息资源提供方,資料集提供機關,提供機關,机构,organisation,organization,agency,部门,责任部门,来源部门,publishername,provider,主管机关,主管機關,發布機關,發佈機關,機關名稱,提供機關名稱,資料提供機關,數據提供單位",
    ),
    "publisher_code": Name(
        "发布机构代码", "publisher code", "统一社会信用代码,提供方代码,机构代码,信息资源提供方代码,publisheridentifier"
    ),
    "publisher_email": Name("发布机构邮箱", "publisher email", "publishermail"),
    "publisher_page": Name("发布机构网址", "publisher homepage", "publisherurl,publisherhomepage"),
    "publisher_phone": Name("发布机构电话", "publisher phone", ""),
    "creator": Name("创建者", "creator", "author,authorname,作者,采集单位,制作单位,creatorname"),
    "keyword": Name(
        "关键词", "keywords", "关键字,标签,標籤,tags,tag,tagstring,keyword,標籤/關鍵字,关键字标签,标签/关键字,subjectkeyword"
    ),
    "theme": Name(
        "主题",
        "theme",
        "领域,分类,主题分类,所属领域,category,topic,topics,分類及編號,类别,group,groups,subject,isotopiccategories",
    ),
    "issued": Name(
        "发布日期", "issued", "发布时间,首次发布时间,dateissued,releasedate,datepublished,published,公开日期,上架日期,建立日期"
    ),
    "modified": Name(
        "更新日期",
        "modified",
        "更新时间,最后更新时间,最近更新日期,数据更新时间,最後更新時間,datemodified,lastmodified,lastupdated,updated,updatedate,lastupdateddatetime,詮釋資料更新時間,資料更新日期",
    ),
    "frequency": Name("更新周期", "update frequency", "更新频率,更新頻率,frequency,accrualperiodicity,updatecycle,更新週期"),
    "language": Name("语言", "language", "语种,lang,langs,languages"),
    "spatial": Name("空间范围", "spatial coverage", "地域范围,行政区划,区域,spatial,coverage,地区,spatialname,覆盖区域"),
    "box": Name("外接矩形", "bounding box", "bbox,boundingbox,空间坐标"),
    "temporal": Name("时间范围", "temporal coverage", "时间跨度,temporal,timeperiod,daterange,数据时间范围"),
    "start": Name("起始时间", "start date", "开始时间,开始日期,起始日期,startdate,temporalstart,收錄期間(起),收录期间起"),
    "end": Name("结束时间", "end date", "截止时间,结束日期,截止日期,enddate,temporalend,收錄期間(迄),收录期间迄"),
    "license": Name(
        "许可",
        "license",
        "许可协议,授权方式,授權方式,licence,licenseid,licensetitle,使用许可,开放许可,授權,授權條款,授權說明,授權說明網址,許可協議,使用授權",
    ),
    "access_rights": Name("访问权限", "access rights", "accesslevel,accessrights,访问级别"),
    "rights": Name("权利说明", "rights", "使用限制,使用说明,useconstraints"),
    "landing_page": Name(
        "网页",
        "landing page",
        "详情页,详情链接,landingpage,information,homepage,資料集說明網址,数据集网址,主页,website,页面,資料集連結,數據集連結",
    ),
    "contact_name": Name(
        "联系人",
        "contact",
        "联系人姓名,contactname,contactpoint,資料集提供機關聯絡人,联络人,maintainer,maintainername,聯絡人,聯絡人姓名,联络人姓名",
    ),
    "contact_email": Name(
        "联系邮箱",
        "contact email",
        "邮箱,电子邮箱,电子邮件,email,contactemail,資料集提供機關聯絡人電子郵件,联系人邮箱,maintaineremail,聯絡人電子郵件,聯絡信箱,電子信箱,聯絡人信箱",
    ),
    "contact_phone": Name(
        "联系电话",
        "contact phone",
        "电话,联系方式,phone,tel,contactphone,資料集提供機關電話,连络电话,聯絡電話,聯絡人電話,資料集提供機關聯絡人電話",
    ),
    "contact_page": Name("联系网址", "contact url", "contacturl"),
    "provenance": Name("来源说明", "provenance", "数据来源说明,lineage"),
    "version": Name("版本", "version", "版本号"),
    "conforms_to": Name("遵循标准", "conforms to", "conformsto,执行标准,标准规范"),
    "other_identifier": Name("其他标识符", "other identifier", "alternateidentifier,otheridentifier"),
    "relation": Name("相关数据集", "relation", "关联资源,关联资源代码,relateddatasets,related"),
    "status": Name("状态", "status", "数据状态"),
    "sharing": Name("共享类型", "sharing", "共享属性,共享方式类型,共享分类"),
    "sharing_condition": Name("共享条件", "sharing condition", ""),
    "sharing_basis": Name("不予共享依据", "legal basis", "不共享依据,不予共享理由"),
    "openness": Name("开放类型", "openness", "开放属性,是否开放,开放方式,开放状态,是否向社会开放,openstatus"),
    "openness_condition": Name("开放条件", "openness condition", ""),
    "file": Name(
        "下载地址",
        "download url",
        "下载链接,数据链接,数据地址,資料連結網址,数据下载地址,文件地址,链接地址,url,link,downloadurl,download,sourceurl,resourceurl,文件链接,链接,下載網址,下載連結,資料下載網址,檔案下載網址,資源網址,連結,檔案連結",
    ),
    "file_access": Name("访问地址", "access url", "accessurl,接口地址,服务地址,api,apiurl,apilink"),
    "file_name": Name("文件名称", "file title", "resourcename,filename,distributiontitle,资源文件名,文件标题,檔案名稱"),
    "file_description": Name("文件说明", "file description", "resourcedescription,文件描述,檔案說明"),
    "file_identifier": Name("文件标识符", "file identifier", "resourceid,distributionid"),
    "file_format": Name(
        "数据格式",
        "format",
        "格式,文件格式,檔案格式,資源格式,信息资源格式,资源格式,resourceformat,fileformat,文件类型,檔案類型,資料格式",
    ),
    "file_media_type": Name("媒体类型", "media type", "mimetype,mediatype,resourcemimetype"),
    "file_size": Name("文件大小", "file size", "bytes,bytesize,size,resourcesize,大小(字节),数据大小,檔案大小"),
    "file_license": Name("文件许可", "file license", "resourcelicense"),
    "file_issued": Name("文件发布日期", "file issued", "resourceissued"),
    "file_modified": Name("文件更新日期", "file modified", "resourcemodified"),
    "file_language": Name("文件语言", "file language", "resourcelanguage"),
    "items": Name(
        "信息项", "fields", "字段,数据项,主要欄位,主要字段,数据字段,columns,信息项列表,字段列表,主要欄位說明,欄位,資料欄位"
    ),
    "item_name": Name("信息项名称", "field name", "字段名称,datadictionaryinfo.label,数据项名称,columnname,欄位名稱"),
    "item_code": Name("信息项代码", "field code", "字段英文名,字段代码,datadictionaryid"),
    "item_type": Name("数据类型", "data type", "字段类型,datadictionarytype,信息项类型,columntype,欄位型別,欄位類型,資料類型"),
    "item_length": Name("数据长度", "length", "字段长度"),
    "item_description": Name(
        "信息项说明", "field description", "字段说明,字段描述,datadictionaryinfo.notes,columndescription,欄位說明"
    ),
    "item_required": Name("是否必填", "required", ""),
    "item_key": Name("是否主键", "key", "主键,primarykey"),
    "dataset": Name("所属数据集", "dataset", "datasetid,dataset.inspireid,所属数据集编号,所属目录,packageid"),
}
WORDY = frozenset(
    (
        "title",
        "description",
        "publisher",
        "creator",
        "rights",
        "contact_name",
        "provenance",
        "sharing_condition",
        "sharing_basis",
        "openness_condition",
        "file_name",
        "file_description",
        "item_name",
        "item_description",
        "keyword",
        "spatial",
    )
)
"""Fields whose words may have a language in the header: `标题(en)`."""

SEVERAL = frozenset(("keyword", "theme", "file", "file_format", "creator", "spatial"))
"""Fields that several columns of a table may be."""

JSON = "json"
_LONGEST = 80
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_SLIGHT = re.compile(r"[\s\-_*:：.·•\ufeff\u200b\"']+")
_TAGGED = (
    re.compile(r"^(.+?)\s*[(（\[]\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|json)\s*[)）\]]$"),
    re.compile(r"^(.+?)[@_]([A-Za-z]{2}(?:-[A-Za-z]{4})?)$"),
)
_BEFORE = re.compile(
    r"^(?:数据集|资料集|数据资源|信息资源|资料资源|资源目录|目录|数据|资料|dataset|datasets|metadata|resource|catalog)(?:的|s)?"
)


_TRADITIONAL = (
    "資數據庫標題識別碼編號錄關鍵詞籤簡說內發佈機構單責門來開啟類領採創語種圍區劃時間範轄週頻總後務許協議權"
    "險級約詳頁連結鏈載檔圖檢驗術項欄長鑰須產業規態與屬條鎖聯絡電郵訊備註質縣鄉鎮處辦廳臺灣稱價費計釋狀體進"
)
_SIMPLIFIED = (
    "资数据库标题识别码编号录关键词签简说内发布机构单责门来开启类领采创语种围区划时间范辖周频总后务许协议权"
    "险级约详页连结链载档图检验术项栏长钥须产业规态与属条锁联络电邮讯备注质县乡镇处办厅台湾称价费计释状体进"
)
_ONE_SCRIPT = str.maketrans(dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)))


def fold(header: str) -> str:
    """The form in which headers are compared: small letters, without slight marks, Chinese in one script."""
    return _SLIGHT.sub("", normalize("NFKC", header).casefold()).translate(_ONE_SCRIPT)


def _index() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, name in NAMES.items():
        found.setdefault(fold(name.zh), field)
        found.setdefault(fold(name.en), field)
    for field, name in NAMES.items():
        for word in name.also.split(","):
            if word:
                found.setdefault(fold(word), field)
    return found


_INDEX = _index()
_LONG = [word for word in _INDEX if word.isascii() and len(word) >= 8]


def mapping(header: Sequence[str], given: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """What each column is, in order. A field that a single column can be is the first one's that is sure of it."""
    return _mapping(tuple(header), tuple(sorted((given or {}).items())))


@lru_cache(maxsize=256)
def _mapping(header: tuple[str, ...], given: tuple[tuple[str, str], ...]) -> tuple[Column, ...]:
    chosen = {name: field for name, field in given if field in NAMES or field == ""}
    columns = [_column(name, chosen) for name in header]
    taken: set[tuple[str, str]] = set()
    places = sorted(range(len(columns)), key=lambda place: ("given", "exact", "near", "none").index(columns[place].found))
    for place in places:
        each = columns[place]
        if each.field and each.field not in SEVERAL and (each.field, each.language) in taken:
            columns[place] = Column(each.header, "", "", "none")
        taken.add((each.field, each.language))
    return tuple(columns)


def _column(header: str, given: dict[str, str]) -> Column:
    if header in given:
        return Column(header, given[header], "", "given")
    base, language = _split(header)
    if language == JSON:
        return Column(header, "", JSON, "none")
    field, found = _field(base)
    if field and language and field not in WORDY:
        field, found = _field(header)
        language = ""
    return Column(header, field, language if field else "", found if field else "none")


def _split(header: str) -> tuple[str, str]:
    """`标题(en)` → `标题`, `en`. A header that means something as a whole is whole."""
    if len(header) > _LONGEST or fold(header) in _INDEX:
        return header, ""
    for form in _TAGGED:
        if match := form.match(header):
            tag = match[2] if match[2] in (JSON, "und") else language_tag(match[2])
            if tag:
                return match[1], tag
    return header, ""


def _field(header: str) -> tuple[str, str]:
    word = fold(header)
    if word in _INDEX:
        return _INDEX[word], "exact"
    if not word or len(word) > _LONGEST:
        return "", "none"
    bare = fold(_BRACKETS.sub("", header))
    for near in (bare, fold(header.rpartition("/")[2]), _BEFORE.sub("", bare), _BEFORE.sub("", word)):
        if near in _INDEX:
            return _INDEX[near], "exact" if near == bare else "near"
    slips = (
        {_INDEX[each] for each in _LONG if abs(len(each) - len(word)) <= 1 and _one_slip(each, word)}
        if word.isascii()
        else set()
    )
    return (slips.pop(), "near") if len(slips) == 1 else ("", "none")


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was left out, added, or mistaken, or two were swapped."""
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
