"""Explanations in words, Chinese and English, from the data alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from gigmatch.errors import InvalidInputError
from gigmatch.evidence import data
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.parts import Amount, Ranked, Refusal, SeatPrice
from gigmatch.evidence.programmes import TrainingProgramme

__all__ = ["Language", "in_words"]

Language = Literal["en", "zh"]
_MOST_LISTED = 5
_NOTHING = Amount(seats_by_tier={}, points=0.0)

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "placed": "{worker} has {shift}: {points} points ({parts}).",
        "placed_bare": "{worker} has {shift}: {points} points.",
        "promised_seat": "The seat was promised beforehand.",
        "price": "One more seat there would bring {more}; one less would cost {less}.",
        "price_no_less": "One more seat there would bring {more}.",
        "alternative": "{shift} instead ({points} points) would, all in all, cost {loss}.",
        "refused": "{worker} cannot take {shift}, since this does not hold: {rules}.",
        "refused_bare": "{worker} cannot take {shift}.",
        "barred": "The market barred {worker} from {shift}.",
        "changes": "It would take: {changes}.",
        "changes_barred": "It would take, the bar apart: {changes}.",
        "change": "{side} {field}: {needed}",
        "outbid": "{worker} could take {shift} ({points} points), but all in all that would be worse.",
        "outbid_free": "{worker} could take {shift} ({points} points), where a seat is free, but is of more "
        "use in another shift.",
        "outbid_instead": "{worker} has {instead}.",
        "outbid_loss": "Forcing it would, all in all, cost {loss}.",
        "holders": "Its seats are held by {holders}.",
        "holder": "{worker} ({points} points)",
        "holder_promised": "{worker} (promised)",
        "tied": "{worker} and {shift}: forcing it costs nothing, so the lot decided (seed {seed}{draw}).",
        "draw": ", own draw {draw}",
        "promised_worker": "{worker} was promised another shift.",
        "promised_seats": "Every seat of {shift} was promised to others.",
        "no_shift": "{worker} has no shift: none of {n} shifts is eligible.",
        "refused_by": "Shifts refused: {rules}.",
        "refused_alone": "By one rule alone: {rules}.",
        "barred_shifts": "Barred by the market: {n}.",
        "short_seats": "{worker} has no shift: {n} workers have only {shifts} shifts with {seats} seats.",
        "by_points": "Others bring more points there.",
        "by_points_loss": "Placing {worker} at {shift} would, all in all, cost {loss}.",
        "by_promise": "Every seat there was promised beforehand.",
        "by_lot": "It was equal on points, and the lot decided.",
        "left_out": "{worker} has no shift: placing would cost more points than it brings.",
        "no_worker": "{shift} stays empty: none of {n} workers is eligible.",
        "removed": "Workers refused, by one rule after the other: {rules}.",
        "short_workers": "{shift} has an empty seat: {seats} seats of {shifts} shifts have only {n} workers.",
        "seat_left": "{shift} has an empty seat: filling it would cost more points than it brings.",
        "seat_left_loss": "The cheapest way, with {worker}, would, all in all, cost {loss}.",
        "seat_tied": "{shift} has an empty seat: filling it instead of another costs nothing, so the lot "
        "decided (seed {seed}).",
        "seat_tied_who": "{worker} could as well be there.",
        "not_proved": "No reason can be given: the assignment is not proved optimal (stopped by {stopped}). "
        "What is known is a bound: at most {gap} points are missing{given_seats}.",
        "given_seats": ", with the seats filled as well as can be",
        "seats_apart": ", the seats apart, of which nothing is proved",
        "ranked_shifts": "Shifts for {worker}, by what they would do to the whole: {choices}.",
        "ranked_workers": "Workers for {shift}, by what they would do to the whole: {choices}.",
        "no_choice_worker": "{worker} cannot be placed at any other shift.",
        "no_choice_shift": "Nobody else can be placed at {shift}.",
        "not_shown": "Who else could be where is shown to the market alone.",
        "stand_bys": "Stand-bys, who have no shift: {ids}.",
        "choice": "{id} ({points} points; would cost {loss})",
        "choice_gain": "{id} ({points} points; would bring {gain})",
        "choice_bare": "{id} ({points} points)",
        "no_choice_newcomer": "{worker} cannot be placed at any shift.",
        "best_left_out": "All in all it is best to leave {worker} out.",
        "skill_values": "One more worker such as {worker} would bring, by skill: {values}.",
        "skill_value": "{skill} at level {level}: {gain} ({shift})",
        "skill_value_none": "{skill} at level {level}: {gain}",
        "no_skill": "no skill more: {gain} ({shift})",
        "no_skill_none": "no skill more: {gain}",
        "skill_values_not_shown": "What one more worker would bring is shown to the market alone.",
        "but_bring": "{plus}, but bring {minus}",
        "but_cost": "{plus}, but cost {minus}",
        "yes": "yes",
        "no": "no",
        "unknown": "none",
        "count": "{name} ({n})",
        "nothing": "nothing",
        "seats_of_tier": "{n} seat{s} of tier {tier}",
        "points_only": "{n} points",
        "and": " and ",
        "list": ", ",
        "apart": "; ",
        "with_values": "{told} ({values})",
        "more": "{n} more",
        "worker": "the worker's",
        "shift": "the shift's",
        "market": "the market's",
        "fill": "What would fill an empty seat of {shift}, each alone: {options}.",
        "place": "What would place {worker}, each alone: {options}.",
        "no_option": "No single change that is known would help {who}.",
        "option": "{kind} by {size} {unit} ({needed}; {whom}; {more} more placed, {moved} change shifts)",
        "somebody": "one worker",
        "own_matter": "What would place {worker} is the worker's own matter.",
        "smallest_found": "These are the smallest changes that were found; smaller ones are not ruled out.",
        "train_hidden": "Training {people} people at most brings {more} placements, {wages} of wages more.",
        "train": "Training {n} people brings {more} placements more and {wages} of wages: {lessons}. "
        "The effect is exact; no plan for {people} people brings more than {bound} placements.",
        "no_train": "No single skill would bring anybody more into work.",
        "lesson": "{worker} in {skill} to level {level}",
        "programme": "Training {n} people brings, in {mornings} mornings together, {more} placements more "
        "and {wages} of wages: {courses}. The effect is exact in every morning; the choice is made one by "
        "one, and no choice of {people} people brings more than {bound} placements.",
        "programme_hidden": "Training {people} people at most brings, in {mornings} mornings together, "
        "{more} placements more and {wages} of wages.",
        "course": "{skill} to level {level} for {n} ({ids})",
    },
    "zh": {
        "placed": "{worker} 分到 {shift}：{points} 分（{parts}）。",
        "placed_bare": "{worker} 分到 {shift}：{points} 分。",
        "promised_seat": "这个名额事先已约定。",
        "price": "该班次多一个名额，总体可增加{more}；少一个名额，总体会损失{less}。",
        "price_no_less": "该班次多一个名额，总体可增加{more}。",
        "alternative": "若改去 {shift}（{points} 分），总体会损失{loss}。",
        "refused": "{worker} 不能接 {shift}：{rules}。",
        "refused_bare": "{worker} 不能接 {shift}。",
        "barred": "市场已禁止 {worker} 接 {shift}。",
        "changes": "需要改变：{changes}。",
        "changes_barred": "除解除禁止外，还需要改变：{changes}。",
        "change": "{side} {field}：{needed}",
        "outbid": "{worker} 可以接 {shift}（{points} 分），但总体上会变差。",
        "outbid_free": "{worker} 可以接 {shift}（{points} 分），那里也有空额，但在别的班次对总体更有用。",
        "outbid_instead": "{worker} 现有 {instead}。",
        "outbid_loss": "若强行安排，总体会损失{loss}。",
        "holders": "名额由 {holders} 占用。",
        "holder": "{worker}（{points} 分）",
        "holder_promised": "{worker}（已约定）",
        "tied": "{worker} 与 {shift}：强行安排也毫无损失，由抽签决定（种子 {seed}{draw}）。",
        "draw": "，本人签号 {draw}",
        "promised_worker": "{worker} 已约定去别的班次。",
        "promised_seats": "{shift} 的名额已全部约定给别人。",
        "no_shift": "{worker} 没有班次：{n} 个班次都不符合条件。",
        "refused_by": "各规则拒绝的班次：{rules}。",
        "refused_alone": "仅被一条规则拒绝：{rules}。",
        "barred_shifts": "被市场禁止：{n}。",
        "short_seats": "{worker} 没有班次：{n} 个人只能去 {shifts} 个班次，而那里只有 {seats} 个名额。",
        "by_points": "别人在那里得分更高。",
        "by_points_loss": "若把 {worker} 安排到 {shift}，总体会损失{loss}。",
        "by_lot": "得分相同，由抽签决定。",
        "by_promise": "那里的名额都已事先约定。",
        "left_out": "{worker} 没有班次：安排所损失的分数多于所得。",
        "no_worker": "{shift} 空缺：{n} 个人都不符合条件。",
        "removed": "依次被各规则拒绝的人：{rules}。",
        "short_workers": "{shift} 有空缺：{shifts} 个班次共 {seats} 个名额，能去的只有 {n} 个人。",
        "seat_left": "{shift} 有空缺：填补所损失的分数多于所得。",
        "seat_left_loss": "代价最小的是安排 {worker}，总体会损失{loss}。",
        "seat_tied": "{shift} 有空缺：填补它而空出另一处也毫无损失，由抽签决定（种子 {seed}）。",
        "seat_tied_who": "{worker} 同样可以在那里。",
        "not_proved": "无法给出理由：该方案未被证明最优（因“{stopped}”而停止）。"
        "已知的只是界限：{given_seats}最多还差 {gap} 分。",
        "given_seats": "在名额已填到最好的前提下，",
        "seats_apart": "名额是否填到最好尚未证明，除此之外，",
        "ranked_shifts": "{worker} 可去的班次，按对总体的影响排列：{choices}。",
        "ranked_workers": "{shift} 可用的人，按对总体的影响排列：{choices}。",
        "no_choice_worker": "{worker} 不能被安排到其他班次。",
        "no_choice_shift": "{shift} 不能安排其他人。",
        "not_shown": "谁还能去哪里，只有市场可以查看。",
        "stand_bys": "尚无班次、可候补的人：{ids}。",
        "choice": "{id}（{points} 分；总体损失{loss}）",
        "choice_gain": "{id}（{points} 分；总体增加{gain}）",
        "choice_bare": "{id}（{points} 分）",
        "no_choice_newcomer": "{worker} 不能被安排到任何班次。",
        "best_left_out": "总体上，不安排 {worker} 最好。",
        "skill_values": "多一名像 {worker} 这样的工人，按所会技能，总体可增加：{values}。",
        "skill_value": "{skill}（{level} 级）{gain}（{shift}）",
        "skill_value_none": "{skill}（{level} 级）{gain}",
        "no_skill": "不加技能{gain}（{shift}）",
        "no_skill_none": "不加技能{gain}",
        "skill_values_not_shown": "多一名工人能带来什么，只有市场可以查看。",
        "but_bring": "{plus}，但增加{minus}",
        "but_cost": "{plus}，但损失{minus}",
        "yes": "是",
        "no": "否",
        "unknown": "无",
        "count": "{name}（{n}）",
        "nothing": "零",
        "seats_of_tier": "第 {tier} 级名额 {n} 个",
        "points_only": "{n} 分",
        "and": "、",
        "list": "、",
        "apart": "；",
        "with_values": "{told}（{values}）",
        "more": "另外 {n} 个",
        "worker": "工人的",
        "shift": "班次的",
        "market": "市场的",
        "fill": "以下任何一项即可填补 {shift} 的一个空缺：{options}。",
        "place": "以下任何一项即可使 {worker} 有班次：{options}。",
        "no_option": "已知的任何单项改变都帮不了 {who}。",
        "option": "{kind} {size} {unit}（{needed}；{whom}；总体多安排 {more} 人，{moved} 人换班次）",
        "somebody": "一名工人",
        "own_matter": "怎样能安排 {worker} 是其本人的事。",
        "smallest_found": "这些是找到的最小改动，不排除有更小的。",
        "train_hidden": "最多培训 {people} 人可多安排 {more} 人，多得工资 {wages}。",
        "train": "培训 {n} 人可多安排 {more} 人，多得工资 {wages}：{lessons}。"
        "效果是精确的；任何 {people} 人的计划最多多安排 {bound} 人。",
        "no_train": "没有哪一项技能能多安排一个人。",
        "lesson": "{worker} 学 {skill} 至 {level} 级",
        "programme": "培训 {n} 人，{mornings} 个早晨合计可多安排 {more} 人次，多得工资 {wages}：{courses}。"
        "每个早晨的效果都是精确的；人选是逐个选定的，任何 {people} 人的选择最多多安排 {bound} 人次。",
        "programme_hidden": "最多培训 {people} 人，{mornings} 个早晨合计可多安排 {more} 人次，"
        "多得工资 {wages}。",
        "course": "{skill} 至 {level} 级 {n} 人（{ids}）",
    },
}
_STOPPED_ZH = {"time limit": "时间用完", "cancelled": "被取消", "heuristic": "只用了启发式算法"}
_RULES_ZH = {
    "skill": "缺少班次要求的技能",
    "credential": "缺少有效的证书",
    "pay_floor": "报酬低于工人的底价",
    "reach": "路程超过工人的上限",
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


_KINDS_ZH = {
    "higher pay": "提高报酬",
    "transport": "提供交通",
    "earlier end": "提早收工",
    "lower pay floor": "降低底价",
    "wider reach": "扩大路程上限",
    "more free time": "增加空闲时间",
    "one certificate": "考取证书",
    "one skill": "学一项技能",
    "another station": "换驿站",
    "of the morning's currency for the shift": "元（整个班次）",
    "of the morning's currency an hour": "元每小时",
    "of the morning's currency a day": "元每天",
    "minutes of travel more": "分钟路程",
    "minutes": "分钟",
    "certificate": "张",
    "skill levels": "级",
    "metres from the present place": "米（距现址）",
}


def in_words(explanation: data.Explanation | Advice | TrainingPlan, language: Language = "en") -> str:
    """An explanation as people read it.

    Parameters
    ----------
    explanation : Explanation, Advice or TrainingPlan
        For whatever eyes: what it does not show is not told.
    language : "en" or "zh"
        English or Chinese.

    Raises
    ------
    InvalidInputError
        Another language.

    Examples
    --------
    >>> from gigmatch.evidence import Promised
    >>> in_words(Promised(worker_id="li", shift_id="wall", what="every seat"))
    'Every seat of wall was promised to others.'
    >>> in_words(Promised(worker_id="li", shift_id="wall", what="the worker"), "zh")
    'li 已约定去别的班次。'
    """
    if language not in _WORDS:
        raise InvalidInputError(f"language must be one of {', '.join(_WORDS)}; got {language!r}")
    return _Writer(language).write(explanation)


class _Writer:
    def __init__(self, language: Language) -> None:
        self.words, self.language = _WORDS[language], language

    def write(self, said: data.Explanation | Advice | TrainingPlan) -> str:
        sentences: Mapping[type, Callable[[Any], list[str]]] = {
            data.Placed: self._placed,
            data.NotEligible: self._not_eligible,
            data.Outbid: self._outbid,
            data.Tied: self._tied,
            data.Promised: self._promised,
            data.NoEligibleShift: self._no_eligible_shift,
            data.ShortOfSeats: self._short_of_seats,
            data.LeftOutForPoints: self._left_out,
            data.NoEligibleWorker: self._no_eligible_worker,
            data.ShortOfWorkers: self._short_of_workers,
            data.SeatLeftForPoints: self._seat_left,
            data.SeatTied: self._seat_tied,
            data.NotProved: self._not_proved,
            data.RankedShifts: self._ranked_shifts,
            data.RankedWorkers: self._ranked_workers,
            data.SkillValues: self._skill_values,
            Advice: self._advice,
            TrainingPlan: self._training,
            TrainingProgramme: self._programme,
        }
        return ("" if self.language == "zh" else " ").join(sentences[type(said)](said))

    # -- one method a class ---------------------------------------------------------------------------------

    def _placed(self, said: data.Placed) -> list[str]:
        parts = self._listed([f"{name} {value:g}" for name, value in said.points_by_scorer.items() if value])
        told = [
            self._say("placed" if parts else "placed_bare", said, points=_number(said.points), parts=parts)
        ]
        if said.promised:
            told.append(self._say("promised_seat"))
        if said.price is not None:
            told.append(self._price(said.price))
        for other in said.alternatives[:_MOST_LISTED]:
            loss = self._loss(other.loss)
            told.append(
                self._say("alternative", shift=other.shift_id, points=_number(other.points), loss=loss)
            )
        return told

    def _not_eligible(self, said: data.NotEligible) -> list[str]:
        rules = self.words["apart"].join(self._rule(refusal) for refusal in said.refusals)
        told = [self._say("refused" if rules else "refused_bare", said, rules=rules)]
        if said.barred:
            told.append(self._say("barred", said))
        if said.changes:
            changes = [
                self._say("change", side=self.words[c.side], field=c.field, needed=self._shown(c.needed))
                for c in said.changes
            ]
            phrase = "changes_barred" if said.barred else "changes"
            told.append(self._say(phrase, changes=self.words["apart"].join(changes)))
        return told

    def _outbid(self, said: data.Outbid) -> list[str]:
        told = [
            self._say("outbid_free" if said.has_free_seat else "outbid", said, points=_number(said.points))
        ]
        if said.instead is not None:
            told.append(self._say("outbid_instead", said, instead=said.instead))
        if said.loss is not None:
            told.append(self._say("outbid_loss", loss=self._loss(said.loss)))
        if said.holders:
            holders = [
                self._say(
                    "holder_promised" if holder.promised else "holder",
                    worker=holder.worker_id,
                    points=_number(holder.points),
                )
                for holder in said.holders
            ]
            told.append(self._say("holders", holders=self._listed(holders)))
        return told if said.price is None else [*told, self._price(said.price)]

    def _tied(self, said: data.Tied) -> list[str]:
        own = said.draws.get(said.worker_id)
        draw = "" if own is None else self._say("draw", draw=own)
        return [self._say("tied", said, seed=said.seed, draw=draw)]

    def _promised(self, said: data.Promised) -> list[str]:
        return [self._say("promised_worker" if said.what == "the worker" else "promised_seats", said)]

    def _no_eligible_shift(self, said: data.NoEligibleShift) -> list[str]:
        told = [self._say("no_shift", said, n=said.shifts)]
        for phrase, counts in (("refused_by", said.refused_by), ("refused_alone", said.refused_by_it_alone)):
            if counts:
                by_count = dict(sorted(counts.items(), key=lambda entry: -entry[1]))
                told.append(self._say(phrase, rules=self._counts(by_count)))
        return [*told, self._say("barred_shifts", n=said.barred)] if said.barred else told

    def _short_of_seats(self, said: data.ShortOfSeats) -> list[str]:
        told = [self._say("short_seats", said, n=said.n_workers, shifts=said.n_shifts, seats=said.n_seats)]
        told.append(self._say(f"by_{said.lost_by}"))
        if said.loss is not None and not said.loss.is_nothing:
            told.append(self._say("by_points_loss", said, loss=self._loss(said.loss)))
        return told

    def _left_out(self, said: data.LeftOutForPoints) -> list[str]:
        told = [self._say("left_out", said)]
        if said.loss is not None:
            told.append(self._say("by_points_loss", said, loss=self._loss(said.loss)))
        return told

    def _no_eligible_worker(self, said: data.NoEligibleWorker) -> list[str]:
        told = [self._say("no_worker", said, n=said.workers)]
        if said.removed_in_order:
            told.append(self._say("removed", rules=self._counts(said.removed_in_order)))
        return [*told, self._say("barred_shifts", n=said.barred)] if said.barred else told

    def _short_of_workers(self, said: data.ShortOfWorkers) -> list[str]:
        return [self._say("short_workers", said, n=said.n_workers, shifts=said.n_shifts, seats=said.n_seats)]

    def _seat_left(self, said: data.SeatLeftForPoints) -> list[str]:
        told = [self._say("seat_left", said)]
        if said.loss is not None:
            told.append(self._say("seat_left_loss", said, loss=self._loss(said.loss)))
        return told

    def _seat_tied(self, said: data.SeatTied) -> list[str]:
        told = [self._say("seat_tied", said, seed=said.seed)]
        return told if said.worker_id is None else [*told, self._say("seat_tied_who", said)]

    def _not_proved(self, said: data.NotProved) -> list[str]:
        given = self.words["given_seats" if said.seats_proved else "seats_apart"]
        stopped = _STOPPED_ZH.get(said.stopped, said.stopped) if self.language == "zh" else said.stopped
        return [self._say("not_proved", gap=_number(said.gap_points), stopped=stopped, given_seats=given)]

    def _ranked_shifts(self, said: data.RankedShifts) -> list[str]:
        if not said.choices:
            none = "no_choice_worker" if said.newcomer is None else "no_choice_newcomer"
            return [self._say("not_shown" if said.audience == "employer" else none, said)]
        told = [self._say("ranked_shifts", said, choices=self._choices(said.choices))]
        best = said.choices[0].effect
        is_best_out = said.newcomer is not None and best is not None and best.key <= _NOTHING.key
        return [*told, self._say("best_left_out", said)] if is_best_out else told

    def _ranked_workers(self, said: data.RankedWorkers) -> list[str]:
        if not said.choices:
            hidden = said.audience in ("worker", "employer")
            return [self._say("not_shown" if hidden else "no_choice_shift", said)]
        told = [self._say("ranked_workers", said, choices=self._choices(said.choices))]
        return (
            [*told, self._say("stand_bys", ids=self._listed(list(said.stand_bys)))]
            if said.stand_bys
            else told
        )

    def _skill_values(self, said: data.SkillValues) -> list[str]:
        if said.profile is None:
            return [self._say("skill_values_not_shown")]
        told = [
            self._say(
                ("no_skill" if value.skill is None else "skill_value")
                + ("_none" if value.shift_id is None else ""),
                skill=value.skill,
                level=value.level,
                gain=self._amount(value.gain),
                shift=value.shift_id,
            )
            for value in sorted(said.values, key=lambda value: value.gain.key, reverse=True)
        ]
        return [self._say("skill_values", worker=said.profile.id, values=self._listed(told))]

    def _advice(self, said: Advice) -> list[str]:
        if said.worker_id is not None and said.audience == "employer":
            return [self._say("own_matter", said)]
        if not said.options:
            return [self._say("no_option", who=said.worker_id or said.shift_id)]
        told = [
            self._say(
                "option",
                kind=self._kind(option.kind),
                size=f"{option.size:,.2f}".removesuffix(".00"),
                unit=self._kind(option.unit),
                needed=self.words["list"].join(map(_value, option.changes[0].needed))
                if isinstance(option.changes[0].needed, list)
                else _value(option.changes[0].needed),
                whom=option.worker_id or self.words["somebody"],
                more=option.more_placements,
                moved=option.moved,
            )
            for option in said.options
        ]
        told = [self._say("place" if said.worker_id else "fill", said, options=self._listed(told))]
        return told if said.is_smallest else [*told, self._say("smallest_found")]

    def _training(self, said: TrainingPlan) -> list[str]:
        figures = {
            "people": said.people,
            "more": said.more_placements,
            "wages": _number(said.more_wages),
            "bound": said.bound,
        }
        if not said.lessons:
            return [self._say("train_hidden" if said.more_placements else "no_train", **figures)]
        lessons = [
            self._say("lesson", worker=lesson.worker_id, skill=lesson.skill, level=lesson.level)
            for lesson in said.lessons
        ]
        return [self._say("train", n=len(lessons), lessons=self._listed(lessons), **figures)]

    def _programme(self, said: TrainingProgramme) -> list[str]:
        figures = {
            "people": said.people,
            "mornings": len(said.mornings),
            "more": said.more_placements,
            "wages": _number(said.more_wages),
            "bound": said.bound,
        }
        if not said.lessons:
            return [self._say("programme_hidden" if said.more_placements else "no_train", **figures)]
        courses: dict[tuple[str, int], list[str]] = {}
        for lesson in said.lessons:
            courses.setdefault((lesson.skill, lesson.level), []).append(lesson.worker_id)
        told = [
            self._say("course", skill=skill, level=level, n=len(ids), ids=self._listed(ids))
            for (skill, level), ids in courses.items()
        ]
        courses_told = self.words["apart"].join(told)
        return [self._say("programme", n=len(said.lessons), courses=courses_told, **figures)]

    def _kind(self, text: str) -> str:
        return _KINDS_ZH.get(text, text) if self.language == "zh" else text

    # -- parts ----------------------------------------------------------------------------------------------

    def _say(self, phrase: str, said: Any = None, **values: Any) -> str:
        ids = {"worker": getattr(said, "worker_id", ""), "shift": getattr(said, "shift_id", "")}
        return self.words[phrase].format(**{**ids, **values})

    def _loss(self, amount: Amount) -> str:
        return self._amount(amount, "but_bring")

    def _amount(self, amount: Amount, but: str = "but_cost") -> str:
        """What is above nothing, and then, if there is any, what is below."""
        plus, minus = self._parts(amount, 1), self._parts(amount, -1)
        return self._say(but, plus=plus, minus=minus) if minus != self.words["nothing"] else plus

    def _parts(self, amount: Amount, sign: int) -> str:
        parts = [
            self._say("seats_of_tier", n=sign * n, tier=tier, s="" if abs(n) == 1 else "s")
            for tier, n in amount.seats_by_tier.items()
            if sign * n > 0
        ]
        if sign * amount.points > 0:
            parts.append(self._say("points_only", n=_number(sign * amount.points)))
        return self.words["and"].join(parts) or self.words["nothing"]

    def _price(self, price: SeatPrice) -> str:
        more = self._amount(price.one_more)
        if price.one_less is None:
            return self._say("price_no_less", more=more)
        return self._say("price", more=more, less=self._loss(price.one_less))

    def _rule(self, refusal: Refusal) -> str:
        values = self._shown(refusal.values)
        known = _RULES_ZH.get(refusal.rule) if self.language == "zh" else None
        told = known or refusal.sentence.removesuffix(".")
        return self._say("with_values", told=told, values=values) if refusal.values else told

    def _shown(self, value: Any) -> str:
        """A value of a rule or a change, nested ones in brackets."""
        if value is None or isinstance(value, bool):
            return self.words["unknown" if value is None else "yes" if value else "no"]
        if isinstance(value, float):
            return f"{value:.12g}"
        if isinstance(value, dict):
            parts = (f"{name} {self._inside(part)}" for name, part in value.items())
            return self.words["list"].join(parts)
        if isinstance(value, list | tuple):
            return self.words["list"].join(map(self._inside, value)) or self.words["unknown"]
        return str(value)

    def _inside(self, value: Any) -> str:
        return f"[{self._shown(value)}]" if isinstance(value, dict | list | tuple) else self._shown(value)

    def _counts(self, counts: Mapping[str, int]) -> str:
        names = {name: _RULES_ZH.get(name, name) if self.language == "zh" else name for name in counts}
        return self._listed([self._say("count", name=names[name], n=n) for name, n in counts.items()])

    def _choices(self, choices: tuple[Ranked, ...]) -> str:
        told = []
        for choice in choices:
            named = {"id": choice.id, "points": _number(choice.points)}
            if choice.effect is None:
                told.append(self._say("choice_bare", **named))
            elif choice.effect.key > _NOTHING.key:
                told.append(self._say("choice_gain", gain=self._amount(choice.effect), **named))
            else:
                told.append(self._say("choice", loss=self._loss(-choice.effect), **named))
        return self._listed(told)

    def _listed(self, parts: list[str]) -> str:
        """A few of them, and how many more there are."""
        shown = parts[:_MOST_LISTED]
        if len(parts) > _MOST_LISTED:
            shown.append(self._say("more", n=len(parts) - _MOST_LISTED))
        return self.words["list"].join(shown)


def _value(needed: Any) -> str:
    """One value of a change: a number, a name, a skill with its level, or a span of the day."""
    if isinstance(needed, dict):
        return " ".join(map(str, needed.values()))
    if isinstance(needed, list | tuple):
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in needed)
    return _number(needed) if isinstance(needed, float) else str(needed)


def _number(value: float) -> str:
    return f"{value:,.2f}"
