"""What fields, tables and choices are called in Chinese: headers of files, and beside names in texts."""

from __future__ import annotations

from collections.abc import Sequence

from gigmatch.i18n import Told, joined

__all__ = [
    "CHINESE",
    "CHINESE_CHOICES",
    "CHINESE_OTHERS",
    "CHINESE_TABLES",
    "SYNONYMS",
    "listed_choices",
    "named",
]

CHINESE: dict[str, str] = {
    "address": "地址",
    "age_years": "年龄",
    "arrivals_bind": "到场时间有约束",
    "arrived_at_min": "到场时间",
    "as_of": "基准日期",
    "asked": "要求方式",
    "attendance": "出勤方式",
    "birth_date": "出生日期",
    "break_min": "休息分钟",
    "broker_id": "经纪人编号",
    "code": "工种代码",
    "companions_id": "结伴编号",
    "contact": "联系方式",
    "covered": "涵盖工种",
    "crew_id": "班组编号",
    "currency": "币种",
    "date": "日期",
    "datum": "坐标系",
    "days_since_last_placement": "待岗天数",
    "employer_id": "雇主编号",
    "end_min": "结束时间",
    "hazard": "危险",
    "headcount": "人数",
    "home_datum": "住址坐标系",
    "home_label": "住址",
    "home_lat": "住址纬度",
    "home_lon": "住址经度",
    "hours": "工时",
    "hours_this_week": "本周工时",
    "id": "编号",
    "insurance": "保险",
    "insurance_required": "要求保险",
    "insured": "已投保",
    "jurisdiction": "法律辖区",
    "kind": "种类",
    "label": "地点",
    "last_shift_end_min": "上一班结束时间",
    "lat": "纬度",
    "least_break_min": "最短间歇分钟",
    "least_level": "最低等级",
    "level": "等级",
    "licence": "执照号",
    "lodging": "包住",
    "lon": "经度",
    "market_id": "市场编号",
    "market_insurance": "市场统保",
    "max_age_years": "最高年龄",
    "max_hours_today": "当日最多工时",
    "max_shifts": "最多班次",
    "meals": "包吃",
    "min_age_years": "最低年龄",
    "min_minutes": "最少分钟",
    "minimum_headcount": "最少人数",
    "name": "名称",
    "opening_end_min": "关门时间",
    "opening_start_min": "开门时间",
    "outdoor": "户外",
    "pay_amount": "报酬",
    "pay_expected_pieces": "预计件数",
    "pay_floor_per_day": "最低日薪",
    "pay_floor_per_hour": "最低时薪",
    "pay_unit": "计酬单位",
    "payment_punctuality": "按时付薪率",
    "per_hour": "时薪",
    "position": "次序",
    "praise": "表扬",
    "priority_group": "优先群体",
    "priority_tier": "优先级",
    "rating": "评分",
    "review_due": "复审日期",
    "schema_version": "表格版本",
    "scheme": "分类标准",
    "scheme_version": "标准版本",
    "settlement": "结算方式",
    "severity": "处理方式",
    "shift_id": "班次编号",
    "shifts": "班次数",
    "skill": "工种",
    "source": "来源",
    "standing": "信用状态",
    "start_min": "开始时间",
    "station_id": "驿站编号",
    "time_zone": "时区",
    "title": "工作名称",
    "together": "结伴方式",
    "travel_limit_min": "最长路程分钟",
    "travel_mode": "出行方式",
    "type": "类型",
    "valid_from": "生效日期",
    "valid_to": "有效期至",
    "value": "数值",
    "wanted_settlement": "期望结算方式",
    "worker_id": "零工编号",
}
"""The Chinese header of every column, by its name."""

CHINESE_OTHERS: dict[str, dict[str, str]] = {
    "workers": {"姓名": "name", "电话": "contact"},
    "employers": {"电话": "contact"},
    "brokers": {"电话": "contact"},
    "stations": {"电话": "contact"},
}
"""By table, what Chinese spreadsheets call some columns besides."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "arrived_at_min": ("到达时间", "签到时间", "arrived_at", "arrival", "arrival_time"),
    "birth_date": ("生日", "出生日", "birthday", "date_of_birth", "dob", "born"),
    "age_years": ("age",),
    "break_min": ("休息时间", "休息", "break", "break_minutes"),
    "contact": ("电话", "手机", "手机号", "手机号码", "联系电话", "电话号码", "phone", "telephone", "mobile"),
    "currency": ("货币", "货币单位", "币别", "货币代码"),
    "employer_id": ("雇主", "用人单位", "employer"),
    "end_min": ("下班时间", "下班", "end", "end_time", "finish"),
    "headcount": ("招工人数", "用工人数", "需求人数", "需要人数", "seats", "people", "people_needed"),
    "lat": ("latitude",),
    "lon": ("longitude", "lng", "long"),
    "name": ("姓名", "名字", "full_name"),
    "pay_amount": ("工资", "薪资", "薪酬", "pay", "wage"),
    "pay_unit": ("工资单位", "薪资单位", "计薪单位", "计薪方式"),
    "shift_id": ("班次", "shift"),
    "skill": ("技能", "工种名称", "trade"),
    "skills": ("技能", "工种名称", "skill", "trade", "trades"),
    "start_min": ("上班时间", "上班", "start", "start_time", "begin"),
    "station_id": ("驿站", "站点", "station"),
    "time_zone": ("timezone", "tz"),
    "title": ("工作", "岗位", "职位", "名称", "工作内容", "name", "job", "job_title"),
    "travel_mode": ("交通方式", "mode"),
    "worker_id": ("零工", "工人编号", "工号", "worker"),
}
"""By column, what people head it with as well; for files that have no column of its own name."""


CHINESE_TABLES: dict[str, str] = {
    "broker_refusals": "经纪人拒绝",
    "brokers": "经纪人",
    "commitments": "已有安排",
    "companion_members": "结伴成员",
    "companions": "结伴",
    "credentials": "零工证书",
    "crews": "班组",
    "employer_hours": "雇主工时",
    "employer_refusals": "雇主拒绝",
    "employers": "雇主",
    "limits": "法定限制",
    "morning": "早市",
    "past_employers": "过往雇主",
    "periods": "班次时段",
    "reference_wages": "参考工资",
    "requests": "点名",
    "shift_attributes": "班次属性",
    "shift_credentials": "班次证书",
    "shift_hazards": "班次危险",
    "shift_skills": "班次工种",
    "shifts": "班次",
    "skill_covers": "工种涵盖",
    "skills": "工种",
    "stations": "驿站",
    "windows": "空闲时段",
    "worker_attributes": "零工属性",
    "worker_groups": "零工群体",
    "worker_preferences": "零工偏好",
    "worker_refusals": "零工拒绝",
    "worker_skills": "零工工种",
    "workers": "零工",
}
"""The Chinese name of every table's file, by its name."""

CHINESE_CHOICES: dict[str, str] = {
    "all_of": "全部",
    "any_of": "任一",
    "arrears": "欠薪",
    "block": "禁止",
    "chemical": "化学",
    "cold": "低温",
    "confined": "密闭",
    "crew": "班组",
    "cycle": "骑行",
    "day": "天",
    "drive": "驾车",
    "electrical": "带电",
    "fixed": "固定",
    "flexible": "灵活",
    "heat": "高温",
    "heavy": "重体力",
    "height": "高处",
    "hour": "小时",
    "machinery": "机械",
    "month": "月",
    "monthly": "月结",
    "night": "夜间",
    "ok": "正常",
    "on_completion": "完工结",
    "piece": "件",
    "same_day": "日结",
    "shift": "班次",
    "suspended": "停用",
    "transit": "公交",
    "walk": "步行",
    "warn": "提醒",
    "weekly": "周结",
}
"""The Chinese word for a value that is chosen from a list, by the value."""


_WORDS = CHINESE | CHINESE_TABLES


def named(name: str, *others: str) -> Told:
    """Return a name of the schema; in Chinese with the word for it, or for the first of the others."""
    found = next((_WORDS[each] for each in (*others, name) if each in _WORDS), None)
    return Told(name, "errors.named", {"name": name, "word": found}) if found else Told(name, "")


def listed_choices(names: Sequence[str]) -> Told:
    """Return the names of choices, quoted; in Chinese with the word for each."""
    told = [
        Told(repr(name), "errors.named", {"name": repr(name), "word": CHINESE_CHOICES[name]})
        if name in CHINESE_CHOICES
        else Told(repr(name), "")
        for name in names
    ]
    *most, last = told
    return joined("errors.or", [joined("errors.comma", most), last]) if most else last
