"""What people call rules, scorers, fields and the like, and how the value of a field is written."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = [
    "CREDENTIALS_ZH",
    "CURRENCIES_ZH",
    "FIELDS",
    "HAZARDS_ZH",
    "RULES_ZH",
    "SCORERS_ZH",
    "STANDINGS_ZH",
    "STOPPED_ZH",
    "Field",
    "Form",
]

STOPPED_ZH = {"time limit": "时间用完", "cancelled": "被取消", "heuristic": "只用了启发式算法"}
RULES_ZH = {
    "skill": "缺少班次要求的技能",
    "credential": "缺少有效的证书",
    "pay_floor": "报酬低于零工的底价",
    "reach": "路程超过零工的上限",
    "availability": "时间不合",
    "refused": "双方有一方拒绝",
    "employer_standing": "用工方欠薪或被暂停",
    "broker_standing": "经纪人无证或被暂停",
    "insurance": "没有保险",
    "age_bounds": "年龄不在要求之内",
    "minimum_age": "未到法定年龄",
    "youth_protection": "未成年人保护",
    "over_age_protection": "超龄人员保护",
    "minimum_wage": "低于最低工资",
    "minimum_wage_part_time": "低于非全日制最低工资",
    "rest": "休息时间不足",
    "daily_hours": "超过每日工时",
    "weekly_hours": "超过每周工时",
    "weekly_hours_per_employer": "超过同一用工方每周工时",
}
SCORERS_ZH = {
    "pay": "报酬",
    "nearness": "路近",
    "skill_fit": "技能匹配",
    "settlement": "结算方式合意",
    "waiting": "等待较久",
    "reliability": "可靠",
    "repeat_employer": "曾获该用工方好评",
    "employer_trust": "用工方按时付款",
    "priority_group": "优先群体",
}
HAZARDS_ZH = {
    "heavy": "重体力劳动",
    "height": "登高作业",
    "heat": "高温",
    "cold": "低温",
    "electrical": "带电作业",
    "chemical": "化学品",
    "confined": "有限空间",
    "machinery": "机械设备",
    "night": "夜班",
}
CREDENTIALS_ZH = {"electrician": "电工证", "health": "健康证", "work_at_height": "登高作业证"}
CURRENCIES_ZH = {"CNY": "元"}
STANDINGS_ZH = {"ok": "正常", "arrears": "欠薪", "suspended": "被暂停"}

Form = Literal[
    "money",  # to whole hundredths, down: what is paid, and a floor that must lie below it
    "needed_money",  # up: what it takes
    "minutes",  # whole, up: a way that is longer than a limit must not look as if it met it
    "hours",
    "years",
    "yes",
    "has",
    "spans",
    "skills",
    "credentials",
    "hazards",
    "standing",
    "station",
    "text",
]


class Field(NamedTuple):
    """A datum of the morning, as a rule looks at it or as a change alters it."""

    form: Form
    en: str
    zh: str


FIELDS: dict[str, Field] = {
    "pay_per_hour": Field("money", "pay an hour", "时薪"),
    "pay_per_day": Field("money", "pay a day", "日薪"),
    "pay_floor_per_hour": Field("money", "pay floor an hour", "时薪底价"),
    "pay_floor_per_day": Field("money", "pay floor a day", "日薪底价"),
    "pay_total": Field("needed_money", "pay in all", "总报酬"),
    "minimum_wage_per_hour": Field("needed_money", "minimum wage an hour", "最低小时工资"),
    "minimum_wage_per_hour_part_time": Field(
        "needed_money", "minimum wage an hour, part-time", "非全日制最低小时工资"
    ),
    "minutes": Field("minutes", "way", "路程"),
    "travel_limit_min": Field("minutes", "travel limit", "路程上限"),
    "free_minutes": Field("minutes", "free within them", "其中空闲"),
    "min_minutes": Field("minutes", "time to be worked", "所需工时"),
    "age_years": Field("years", "age", "年龄"),
    "min_age_years": Field("years", "least age", "最低年龄"),
    "max_age_years": Field("years", "greatest age", "最高年龄"),
    "minimum_age_years": Field("years", "legal minimum age", "法定最低年龄"),
    "youth_age_years": Field("years", "protected below", "受保护的年龄上限"),
    "over_age_years": Field("years", "over age from", "超龄起算年龄"),
    "rest_hours": Field("hours", "rest", "已休息"),
    "min_rest_hours": Field("hours", "least rest", "至少休息"),
    "longest_day_hours": Field("hours", "longest day", "最长一天的工时"),
    "max_hours_per_day": Field("hours", "most hours a day", "每日工时上限"),
    "hours_worked": Field("hours", "worked this week", "本周已工作"),
    "shift_hours": Field("hours", "hours of the shift", "该班次工时"),
    "max_hours_per_week": Field("hours", "most hours a week", "每周工时上限"),
    "max_hours_per_week_per_employer": Field(
        "hours", "most hours a week with one employer", "同一用工方每周工时上限"
    ),
    "hazards": Field("hazards", "hazards", "危险作业"),
    "covered": Field("has", "cover", "保险"),
    "insurance_required": Field("yes", "cover asked for", "要求有保险"),
    "market_insurance": Field("has", "cover by the market", "市场保险"),
    "shift_insurance": Field("has", "cover by the shift", "班次保险"),
    "worker_insured": Field("has", "cover of one's own", "自有保险"),
    "insured": Field("has", "cover of one's own", "自有保险"),
    "insurance": Field("has", "cover", "保险"),
    "employer_id": Field("text", "employer", "用工方"),
    "broker_id": Field("text", "broker", "经纪人"),
    "licensed": Field("has", "licence", "许可证"),
    "standing": Field("standing", "standing", "状态"),
    "by_worker": Field("yes", "refused by the worker", "零工拒绝"),
    "by_employer": Field("yes", "refused by the employer", "用工方拒绝"),
    "by_broker": Field("yes", "refused by the broker", "经纪人拒绝"),
    "periods": Field("spans", "periods", "班次时段"),
    "free": Field("spans", "free time", "空闲时间"),
    "skills": Field("skills", "skills", "技能"),
    "credentials": Field("credentials", "certificates", "证书"),
    "station_id": Field("station", "station", "驿站"),
}
