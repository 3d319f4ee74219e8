"""Every text of the pages, in English and Chinese; names and figures are put in by whoever writes."""

from __future__ import annotations

from math import isfinite
from typing import Any, Literal, get_args

from gigmatch.errors import InvalidInputError
from gigmatch.messages.formats import one_or_more
from gigmatch.messages.vocabulary import CREDENTIALS_ZH, CURRENCIES_ZH, HAZARDS_ZH, SCORERS_ZH

__all__ = ["TEXTS", "Language", "Words"]

Language = Literal["en", "zh"]

# Key: (English, Chinese). What stands in braces is filled in; one and many are separated by "|".
TEXTS: dict[str, tuple[str, str]] = {
    # -- shared ---------------------------------------------------------------------------------------------
    "lang_tag": ("en", "zh-CN"),
    "money": ("{amount} {currency}", "{amount} {currency}"),
    "minutes": ("{n} min", "{n} 分钟"),
    "under_a_minute": ("under 1 min", "不到 1 分钟"),
    "hours": ("{n} h", "{n} 小时"),
    "hours_minutes": ("{hours} h {minutes} min", "{hours} 小时 {minutes} 分钟"),
    "km": ("{n} km", "{n} 公里"),
    "list": (", ", "、"),
    "sentence_gap": (" ", ""),
    "colon": ("{name}: {value}", "{name}：{value}"),
    "in_brackets": ("{name} ({value})", "{name}（{value}）"),
    "n_people": ("{n} person|{n} people", "{n} 人"),
    "n_seats": ("{n} seat|{n} seats", "{n} 个名额"),
    "n_shifts": ("{n} shift|{n} shifts", "{n} 个班次"),
    "n_places": ("{n} place|{n} places", "{n} 个地点"),
    "n_placements": ("{n} placement|{n} placements", "{n} 个安排"),
    "n_points": ("{n} point|{n} points", "{n} 分"),
    "n_pairs": ("{n} pair|{n} pairs", "{n} 对"),
    "n_slips": ("{n} slip|{n} slips", "{n} 张"),
    "more": ("and {n} more", "另有 {n} 项"),
    "more_rows": ("{n} more is not shown here.|{n} more are not shown here.", "另有 {n} 项未在此列出。"),
    "no_skill": ("no skill asked", "不限工种"),
    "level": ("{skill}, level {level} or better", "{skill}（{level} 级及以上）"),
    "least_level": ("level {level} or better", "{level} 级及以上"),
    "either": (" or ", "或"),
    "made_with": (
        "Made with gigmatch {version}. This file is complete: it loads nothing.",
        "由 gigmatch {version} 生成。本文件自成一体，不加载任何外部内容。",
    ),
    "skip": ("Skip to the content", "跳到正文"),
    "today": ("today", "今天"),
    "yesterday": ("yesterday {clock}", "昨天 {clock}"),
    "tomorrow": ("tomorrow", "明天"),
    "day_n": ("day {n}", "第 {n} 天"),
    "day": ("{weekday} {d} {month}", "{m}月{d}日（{weekday}）"),
    "date": ("{weekday} {d} {month} {y}", "{y}年{m}月{d}日（{weekday}）"),
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "months": ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "1 2 3 4 5 6 7 8 9 10 11 12"),
    "next_day": ("{clock} next day", "次日 {clock}"),
    "days_later": ("{clock} ({n} days later)", "{clock}（{n} 天后）"),
    "span": ("{start}\u2060–\u2060{end}", "{start}\u2060–\u2060{end}"),
    "days_between": ("{n} days, {first} to {last}", "{first}至{last}，共 {n} 天"),
    "mondays_to_fridays": ("{n} weekdays, {first} to {last}", "{first}至{last}的周一至周五，共 {n} 天"),
    "days_within": (
        "{n} days from {first} to {last}, ask which",
        "{first}至{last}之间共 {n} 天（具体日期请询问）",
    ),
    "on_days": ("{days}, {spans}", "{days} {spans}"),
    "flexible": ("{hours} of these, freely chosen", "其中任选 {hours}"),
    "near": ("near {place}", "{place}附近"),
    "about_km_from": ("{km} km from {place}", "距{place} {km} 公里"),
    "area": ("area {name}", "{name} 区"),
    "pay_hour": ("{amount} an hour", "每小时 {amount}"),
    "pay_day": ("{amount} a day", "每天 {amount}"),
    "pay_shift": ("{amount} in all", "共 {amount}"),
    "pay_piece": ("{amount} a piece", "每件 {amount}"),
    "pay_month": ("{amount} a month", "每月 {amount}"),
    "settle_same_day": ("paid the same day", "日结"),
    "settle_weekly": ("paid weekly", "周结"),
    "settle_monthly": ("paid monthly", "月结"),
    "settle_on_completion": ("paid on completion", "完工结"),
    "settle_unknown": ("ask when it is paid", "结算方式请询问"),
    "hazard_heavy": ("heavy loads", HAZARDS_ZH["heavy"]),
    "hazard_height": ("work at height", HAZARDS_ZH["height"]),
    "hazard_heat": ("heat", HAZARDS_ZH["heat"]),
    "hazard_cold": ("cold", HAZARDS_ZH["cold"]),
    "hazard_electrical": ("live electrics", HAZARDS_ZH["electrical"]),
    "hazard_chemical": ("chemicals", HAZARDS_ZH["chemical"]),
    "hazard_confined": ("confined space", HAZARDS_ZH["confined"]),
    "hazard_machinery": ("machinery", HAZARDS_ZH["machinery"]),
    "hazard_night": ("night work", HAZARDS_ZH["night"]),
    "credential_electrician": ("electrician's licence", CREDENTIALS_ZH["electrician"]),
    "credential_health": ("health certificate", CREDENTIALS_ZH["health"]),
    "credential_work_at_height": ("work-at-height licence", CREDENTIALS_ZH["work_at_height"]),
    "meals": ("meals provided", "包吃"),
    "lodging": ("lodging provided", "包住"),
    "insured": ("insured", "有保险"),
    "urgent": ("urgent", "急"),
    # -- report: head and figures ---------------------------------------------------------------------------
    "report": ("Morning report", "早间派工报告"),
    "market_unnamed": ("The market", "零工市场"),
    "proved": ("Proved optimal", "已证明最优"),
    "not_proved": ("Not proved optimal", "未证明最优"),
    "lead": (
        "{placements} of {people} has work this morning; {filled} of {seats} in {shifts} is "
        "filled. First come, first served would have placed {baseline}."
        "|{placements} of {people} have work this morning; {filled} of {seats} in {shifts} are "
        "filled. First come, first served would have placed {baseline}.",
        "今天早上 {people}中有 {placements} 人得到工作；{shifts}共 {seats}，已填 {filled} 个。"
        "若先到先得，只能安排 {baseline} 人。",
    ),
    "lead_audience": (
        "This page is for {audience}s: it names nobody.",
        "本页供{audience}查看，不显示任何人的身份。",
    ),
    "audience_worker": ("worker", "零工"),
    "audience_employer": ("employer", "用工方"),
    "contents": ("Contents", "目录"),
    "figures": ("Headline figures", "主要数字"),
    "first_come": ("First come: {value}", "先到先得：{value}"),
    "placements": ("Placements", "安排人数"),
    "seats_filled": ("Seats filled", "名额填充率"),
    "mean_points": ("Mean points", "平均分"),
    "wages": ("Wages offered", "承诺工资"),
    "travel": ("Median way", "路程中位数"),
    "open_shifts": ("Shifts with open seats", "有空缺的班次"),
    "wages_note": ("Wages offered are not wages paid.", "承诺的工资不等于已发的工资。"),
    "by_tier": ("Seats by priority", "各优先级名额"),
    "tier": ("Priority", "优先级"),
    "tier_1": ("1, most urgent", "1（最急）"),
    # -- report: map ----------------------------------------------------------------------------------------
    "map": ("Where people go", "人往哪里去"),
    "map_label": (
        "Map: {places} and {shifts}; lines lead from where {people} set out or registered to "
        "where they work. The tables below give the same figures.",
        "地图：{places}、{shifts}；连线从 {people}的出发地或登记地通向工作地点。下方表格给出相同数字。",
    ),
    "legend_place": ("Station or market", "驿站或市场"),
    "legend_area": ("Area", "区域"),
    "legend_full": ("Shift, full", "班次，已满"),
    "legend_open": ("Shift with open seats", "班次，有空缺"),
    "legend_flow": ("People going to work; broader is more", "上工的人流，越粗人越多"),
    "map_people": (
        "The lines show {shown} of {placements}, the broadest ways first.",
        "连线显示了 {placements}中的 {shown} 个，优先显示人多的方向。",
    ),
    "map_few": (
        "Ways of fewer than {n} people are left out, so that nobody is told by a way of their own.",
        "不足 {n} 人的方向不显示，以免从中认出个人。",
    ),
    "map_outside": ("Further out: {shifts}.", "图外另有 {shifts}。"),
    # -- report: fill ---------------------------------------------------------------------------------------
    "fill": ("Who fills what", "名额填充情况"),
    "by_skill": ("By skill", "按工种"),
    "by_place": ("By station", "按驿站"),
    "by_area": ("By area", "按区域"),
    "by_hour": ("By starting hour", "按上工时间"),
    "skill": ("Skill", "工种"),
    "place": ("Station", "驿站"),
    "area_head": ("Area", "区域"),
    "hour": ("Start", "上工"),
    "seats": ("Seats", "名额"),
    "filled": ("Filled", "已填"),
    "open": ("Open", "空缺"),
    "share": ("Share filled", "填充率"),
    "people": ("People", "人数"),
    "placed": ("Placed", "已安排"),
    "share_placed": ("Share placed", "安排率"),
    "seats_near": ("Seats nearby", "附近名额"),
    "open_near": ("Open nearby", "附近空缺"),
    "no_rows": ("Nothing to show.", "没有可显示的内容。"),
    # -- report: distributions ------------------------------------------------------------------------------
    "spread": ("Pay and travel", "报酬与路程"),
    "pay_title": ("Pay per day", "日报酬"),
    "pay_axis": ("{currency} a day", "{currency}／天"),
    "travel_title": ("Way to work", "上班路程"),
    "travel_axis": ("minutes", "分钟"),
    "people_axis": ("people", "人"),
    "median": ("Median {value}.", "中位数 {value}。"),
    "no_way_known": ("{n} without a known way.", "{n} 人路程未知。"),
    "histogram_label": (
        "Histogram, {title}: {people}; median {median}; most of them, {most}, from {low} to {high}.",
        "{title}直方图：{people}；中位数 {median}；最多的一组（{most} 人）在 {low}至 {high}之间。",
    ),
    "histogram_empty": ("Histogram, {title}: nobody is placed.", "{title}直方图：没有人被安排。"),
    # -- report: shortages ----------------------------------------------------------------------------------
    "shortages": ("Shortages, and their proof", "空缺及其证明"),
    "shortages_lead": (
        "{seats} in {shifts} open, and {people} without a shift. What follows can be "
        "counted by anybody; no other assignment could do better.",
        "{shifts}中有 {seats}空缺，{people}没有班次。以下理由任何人都可以自己数一遍；"
        "换任何一种安排都不会更好。",
    ),
    "shortages_unproved": (
        "{seats} in {shifts} open, and {people} without a shift.",
        "{shifts}中有 {seats}空缺，{people}没有班次。",
    ),
    "no_shortage": ("Every seat is filled.", "名额已全部填满。"),
    "too_few_workers": ("Too few people", "人手不足"),
    "too_few_workers_text": (
        "Counted: {shifts} with {seats}, and {people} for any of them. So at least {gap} must stay open, "
        "whoever goes where.",
        "数一数：{shifts}共 {seats}，能去的只有 {people}。因此无论怎么安排，至少空 {gap}。",
    ),
    "too_few_seats": ("Too few seats", "名额不足"),
    "too_few_seats_text": (
        "Counted: {people} for whom there is nothing but {shifts} with {seats}. So at least {gap} must stay "
        "without, whoever goes where.",
        "数一数：{people}只能去 {shifts}，共 {seats}。因此无论怎么安排，至少 {gap}没有班次。",
    ),
    "nobody_eligible": ("Nobody may or can", "无人符合条件"),
    "nobody_eligible_text": (
        "{seats} in {shifts}, for which nobody is eligible.",
        "{shifts}共 {seats}，没有人符合条件。",
    ),
    "no_shift_eligible": ("Without an eligible shift", "没有可接的班次"),
    "no_shift_eligible_text": (
        "{people} eligible for no shift at all.",
        "{people}不符合任何班次的条件。",
    ),
    "others_short": ("Other reasons", "其他原因"),
    "skills_concerned": ("Mostly: {skills}.", "主要是：{skills}。"),
    "open_list": ("Shifts with open seats, the most open first", "有空缺的班次（空缺多者在前）"),
    "shift": ("Shift", "班次"),
    "eligible": ("Eligible people", "符合条件的人"),
    "where": ("Where", "地点"),
    # -- report: advice -------------------------------------------------------------------------------------
    "advice": ("What would help", "怎样改进"),
    "advice_lead": (
        "Each change was confirmed by matching the changed morning anew.",
        "每一项改变都经过重新匹配确认。",
    ),
    "advice_pay": ("To fill a seat", "填补空缺"),
    "advice_training": ("Training", "培训"),
    "advice_none": ("No single change is known that would help.", "没有已知的单项改变能有帮助。"),
    "advice_columns": (
        "Advice changes the morning's objects; this morning came as columns, so none is given.",
        "建议需要修改早市对象；本次数据以列的形式给出，因此没有建议。",
    ),
    "advice_large": (
        "For {n} people advice would take long; ask `gigmatch advise` about a single shift instead.",
        "{n} 人的建议计算耗时较长；可用 gigmatch advise 查询单个班次。",
    ),
    "advice_unproved": (
        "The assignment is not proved optimal, so what would change it is not known.",
        "该方案未证明最优，因此无法确定哪些改变会影响它。",
    ),
    "advice_off": ("No advice was asked for.", "未要求给出建议。"),
    # -- report: warnings -----------------------------------------------------------------------------------
    "warnings": ("Warnings", "警示"),
    "warnings_lead": (
        "These placements stand although a rule that warns is broken.",
        "以下安排违反了只作警示的规则，但仍然有效。",
    ),
    "no_warnings": ("No placement breaks a rule.", "没有安排违反规则。"),
    "rule": ("Rule", "规则"),
    "placements_concerned": ("Placements", "涉及人数"),
    "whom": ("Whom", "涉及的人"),
    "pair": ("{worker} at {shift}", "{worker} 在 {shift}"),
    "rule_skill": ("lacks a skill that is asked for", "缺少班次要求的技能"),
    "rule_credential": ("lacks a valid licence or certificate", "缺少有效的证书"),
    "rule_pay_floor": ("pays less than the worker asks", "报酬低于零工的底价"),
    "rule_reach": ("further than the worker goes", "路程超过零工的上限"),
    "rule_availability": ("not free at that time", "时间不合"),
    "rule_refused": ("one side has refused the other", "双方有一方拒绝"),
    "rule_employer_standing": ("employer owes wages or is suspended", "用工方欠薪或被暂停"),
    "rule_broker_standing": ("broker without licence or suspended", "经纪人无证或被暂停"),
    "rule_insurance": ("no cover, though the worker asks for it", "零工要求保险而没有保险"),
    "rule_age_bounds": ("outside the ages that the shift accepts", "年龄不在要求之内"),
    "rule_minimum_age": ("below the legal minimum age", "未到法定年龄"),
    "rule_youth_protection": ("young worker in hazardous work", "未成年人保护"),
    "rule_over_age_protection": (
        "worker over age in hazardous work, overtime or without cover",
        "超龄人员从事危险作业、加班或没有保险",
    ),
    "rule_minimum_wage": ("below the legal minimum wage", "低于最低工资"),
    "rule_minimum_wage_part_time": (
        "below the legal minimum wage for part-time work",
        "低于非全日制最低工资",
    ),
    "rule_rest": ("too little rest since the last shift", "休息时间不足"),
    "rule_daily_hours": ("more than the legal hours of a day", "超过每日法定工时"),
    "rule_weekly_hours": ("more than the legal hours of a week", "超过每周法定工时"),
    "rule_weekly_hours_per_employer": (
        "more than the legal hours of a week with one employer",
        "超过同一用工方每周法定工时",
    ),
    "rule_own": ("does not hold: {sentence}", "不满足：{sentence}"),
    # -- report: terms --------------------------------------------------------------------------------------
    "terms": ("How it was decided", "如何决定"),
    "policy": ("Policy", "评分策略"),
    "policy_seats": (
        "First as many seats as possible, the most urgent first; then, among those assignments, the most "
        "points; what is still equal, by lot.",
        "首先尽量多填名额，最急的优先；其次在这些方案中取总分最高；仍然相同的，由抽签决定。",
    ),
    "policy_own": (
        "Step by step, each only among the best of those before: {levels}; what is still equal, by lot.",
        "逐级比较，每一级只在上一级的最优方案中选择：{levels}；仍然相同的，由抽签决定。",
    ),
    "then": (", then ", "，其次"),
    "policy_points": (
        "The most points, wherever they come from; what is still equal, by lot.",
        "取总分最高，不论来自哪里；仍然相同的，由抽签决定。",
    ),
    "scorer": ("What counts", "评分项"),
    "weight": ("Points at most", "最高分"),
    "mean_of_placed": ("Mean of the placed", "已安排者平均分"),
    "scorer_pay": ("good pay", SCORERS_ZH["pay"]),
    "scorer_nearness": ("a short way", SCORERS_ZH["nearness"]),
    "scorer_skill_fit": ("skill that fits", SCORERS_ZH["skill_fit"]),
    "scorer_settlement": ("paid as wished", SCORERS_ZH["settlement"]),
    "scorer_waiting": ("has waited longer", SCORERS_ZH["waiting"]),
    "scorer_reliability": ("reliability", SCORERS_ZH["reliability"]),
    "scorer_repeat_employer": ("praised by this employer", SCORERS_ZH["repeat_employer"]),
    "scorer_employer_trust": ("employer pays on time", SCORERS_ZH["employer_trust"]),
    "scorer_priority_group": ("priority group", SCORERS_ZH["priority_group"]),
    "lottery": ("Lottery", "抽签"),
    "seed": (
        "Seed {seed}. It was to be published beforehand; with it anybody can draw the same lots.",
        "种子 {seed}。种子应事先公布；任何人都可以据此重新抽出同样的签。",
    ),
    "promises": (
        "{kept} promised beforehand, {barred} barred.",
        "事先约定 {kept}，禁止 {barred} 对。",
    ),
    "certificate": ("Certificate", "最优性证明"),
    "certificate_lead": (
        "Every worker and every seat has a whole-number price, and no pair is worth more than its two prices "
        "together. So no assignment can be worth more than the sum of all prices, and this one is worth "
        "exactly that sum.",
        "每名零工、每个名额都有一个整数价格，任何一对的价值都不超过两者价格之和。"
        "因此任何方案的价值都不可能超过全部价格之和，而本方案的价值恰好等于它。",
    ),
    "certificate_open": (
        "Every worker and every seat has a whole-number price, and no pair is worth more than its two prices "
        "together. So no assignment can be worth more than the sum of all prices. This one is at most "
        "{gap} below; work stopped early ({stopped}).",
        "每名零工、每个名额都有一个整数价格，任何一对的价值都不超过两者价格之和。"
        "因此任何方案的价值都不可能超过全部价格之和。本方案最多低 {gap}；计算提前停止（{stopped}）。",
    ),
    "stopped_time limit": ("time limit", "时间用完"),
    "stopped_cancelled": ("cancelled", "被取消"),
    "stopped_heuristic": ("heuristic only", "只用了启发式算法"),
    "stopped_proved": ("proved", "已证明"),
    "level_of_proof": ("What is proved", "证明内容"),
    "proof_seats": ("As many seats as possible, most urgent first", "名额填得最多，最急的优先"),
    "proof_points": ("Most points", "总分最高"),
    "proof_own": ("As much as possible of this: {level}", "尽量多：{level}"),
    "proof_lottery": ("What was equal is as drawn", "相同者由抽签决定"),
    "sum_of_prices": ("Sum of prices", "价格之和"),
    "rounds": ("Rounds", "轮数"),
    "check_it": ("Check it yourself: {command}", "自行核验：{command}"),
    "digest": ("Digest of the morning", "早市数据摘要"),
    "solver": ("Solver", "求解器"),
    "solver_told": (
        "{solver}, which proves nothing and need not be trusted",
        "{solver}（它不构成证明，也无需信任）",
    ),
    # -- board ----------------------------------------------------------------------------------------------
    "board": ("Open seats now", "现有空缺"),
    "board_count": ("{seats}, {shifts}", "{seats}，{shifts}"),
    "board_empty": ("Every seat is taken.", "名额已满。"),
    "board_seats": ("seat|seats", "个名额"),
    "board_page": ("Page {n} of {all}", "第 {n} 页，共 {all} 页"),
    "board_more": (
        "{shifts} more with open seats: ask at the desk.",
        "另有 {shifts}有空缺，请到服务台询问。",
    ),
    "board_previous": ("Previous page", "上一页"),
    "board_next": ("Next page", "下一页"),
    "board_pause": ("Pause", "暂停"),
    "board_play": ("Turn pages", "自动翻页"),
    "board_controls": ("Pages", "翻页"),
    # -- slips and call lists -------------------------------------------------------------------------------
    "slips": ("Work slips", "上工单"),
    "slip": ("Work slip", "上工单"),
    "slips_count": ("{slips}. Print this page.", "共 {slips}。请打印本页。"),
    "slips_cut": ("Only the first {n} of {all} slips are here.", "此处只有前 {n} 张，共 {all} 张。"),
    "no_slips": ("Nobody is placed.", "没有人被安排。"),
    "slip_where": ("Where", "地点"),
    "slip_when": ("When", "时间"),
    "slip_bring": ("Bring", "请带"),
    "slip_pay": ("Pay", "报酬"),
    "slip_settlement": ("Settlement", "结算"),
    "slip_insurance": ("Insurance", "保险"),
    "slip_ask": ("Ask", "联系"),
    "slip_work": ("Work", "工种"),
    "slip_near": ("Less than a minute from where you set out.", "从出发地不到 1 分钟。"),
    "slip_mind": ("Mind", "注意"),
    "slip_way": ("About {minutes} from where you set out.", "从出发地约 {minutes}。"),
    "bring_credential": ("{credential}", "{credential}"),
    "bring_food": ("food and water", "餐食和饮水"),
    "bring_water": ("water", "饮水"),
    "bring_weather": ("clothes for the weather", "防晒防雨衣物"),
    "bring_shoes": ("sturdy shoes and gloves", "结实的鞋和手套"),
    "bring_overnight": ("what you need to stay over", "住宿用品"),
    "insurance_market": ("The market (district) covers you.", "市场（区）已为您投保。"),
    "insurance_employer": ("The employer covers you.", "用工方已为您投保。"),
    "insurance_own": ("Your own cover counts.", "您自己的保险有效。"),
    "insurance_none": ("No cover is known. You may refuse.", "未查到保险，您可以拒绝。"),
    "ask_employer": ("Employer {name}", "用工方：{name}"),
    "ask_broker": ("Broker {name}", "经纪人：{name}"),
    "ask_broker_licence": ("Broker {name}, licence {licence}", "经纪人：{name}（许可证 {licence}）"),
    "ask_desk": ("Desk: {name}", "服务台：{name}"),
    "calls": ("Call lists", "点名单"),
    "calls_count": ("{shifts}. Print this page.", "共 {shifts}。请打印本页。"),
    "calls_cut": ("Only the first {n} of {all} shifts are here.", "此处只有前 {n} 个班次，共 {all} 个。"),
    "no_calls": ("No shift has anybody to call.", "没有班次需要点名。"),
    "calls_seats": ("{filled} of {seats}", "{seats}已填 {filled} 个"),
    "calls_here": ("Here", "签到"),
    "calls_number": ("No.", "序号"),
    "calls_name": ("Name", "姓名或编号"),
    "calls_arrived": ("Arrived", "到场"),
    "calls_stand_bys": ("Stand-bys, the best first", "候补（依次）"),
    "calls_no_stand_bys": (
        "No stand-by: nobody without a shift may take this one.",
        "没有候补：没有班次的人都不符合条件。",
    ),
    "calls_note": (
        "A stand-by may stand in several lists: call whoever is still free.",
        "同一候补可能列在多张单上：请叫仍然空闲的人。",
    ),
}


class Words:
    """The texts in one language.

    Parameters
    ----------
    language : "en" or "zh"
        English or Chinese.

    Raises
    ------
    InvalidInputError
        Another language.

    Examples
    --------
    >>> Words("zh")("minutes", n=13)
    '13 分钟'
    """

    def __init__(self, language: Language) -> None:
        if language not in get_args(Language):
            known = ", ".join(get_args(Language))
            raise InvalidInputError(f"lang must be one of {known}; got {language!r}")
        self.language: Language = language
        self._at = get_args(Language).index(language)

    def __call__(self, key: str, **values: Any) -> str:
        """The text of a key, filled in."""
        return TEXTS[key][self._at].format(**values)

    def some(self, kind: str, n: int) -> str:
        """So many of something: people, seats, shifts.

        Examples
        --------
        >>> Words("en").some("shifts", 1), Words("en").some("shifts", 1200), Words("zh").some("shifts", 1)
        ('1 shift', '1,200 shifts', '1 个班次')
        """
        return self.one_or_more(f"n_{kind}", n).format(n=self.count(n))

    def one_or_more(self, key: str, n: int) -> str:
        """The form of a text for one, or for any other number."""
        return one_or_more(TEXTS[key][self._at], self.count(n))

    def known(self, kind: str, name: str) -> str:
        """The text of a name that may have one, such as a scorer's; else the name itself."""
        text = TEXTS.get(f"{kind}_{name}")
        return text[self._at] if text else name

    def count(self, n: int | float) -> str:
        """A whole number as people write it."""
        return f"{n:,.0f}"

    def points(self, points: float) -> str:
        """Points, exact to 1/100, without needless zeros."""
        written = f"{points:,.2f}".removesuffix(".00")
        return one_or_more(TEXTS["n_points"][self._at], written).format(n=written)

    def minutes(self, minutes: float | None) -> str:
        """Whole minutes; a dash where no way is known.

        Examples
        --------
        >>> Words("en").minutes(9.76), Words("zh").minutes(0.3), Words("en").minutes(None)
        ('10 min', '不到 1 分钟', '–')
        """
        if minutes is None or not isfinite(minutes):
            return "–"
        return self("under_a_minute") if 0 < minutes < 1 else self("minutes", n=f"{minutes:,.0f}")

    def hours(self, hours: float) -> str:
        """Whole and half hours as such, others with their minutes.

        Examples
        --------
        >>> Words("en").hours(1.5), Words("zh").hours(4 / 3)
        ('1.5 h', '1 小时 20 分钟')
        """
        whole, minutes = divmod(round(hours * 60), 60)
        if minutes in (0, 30):
            return self("hours", n=f"{whole + minutes / 60:g}")
        return self("hours_minutes", hours=whole, minutes=minutes) if whole else self("minutes", n=minutes)

    def share(self, part: float, whole: float) -> str:
        """A share in percent; a dash of nothing."""
        return f"{part / whole:.1%}" if whole else "–"

    def money(self, amount: float, currency: str) -> str:
        """An amount with its currency, cents only where there are any."""
        written = f"{amount:,.2f}".removesuffix(".00")
        return self("money", amount=written, currency=self.currency(currency))

    def currency(self, code: str) -> str:
        """The name of a currency."""
        return CURRENCIES_ZH.get(code, code) if self.language == "zh" else code

    def listed(self, parts: list[str], most: int | None = None) -> str:
        """Parts in a row, and how many more there are."""
        shown = (
            parts
            if most is None or len(parts) <= most
            else [*parts[:most], self("more", n=len(parts) - most)]
        )
        return self("list").join(shown)
