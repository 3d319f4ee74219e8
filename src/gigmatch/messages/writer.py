"""Explanations in words, from the data alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gigmatch.columns import Columns
from gigmatch.errors import InvalidInputError
from gigmatch.evidence import data
from gigmatch.evidence.advice import Advice, Option, TrainingPlan
from gigmatch.evidence.eyes import LEAST_PEOPLE, MEASURES, sees_everything
from gigmatch.evidence.parts import Amount, Change, Ranked, Refusal, SeatPrice, Sum
from gigmatch.evidence.plan_parts import Clash, HeldShift, PlanCause, PlanLoss
from gigmatch.evidence.programmes import TrainingProgramme
from gigmatch.i18n import Told
from gigmatch.i18n.texts import Texts, called, own_text
from gigmatch.messages.formats import counted, number
from gigmatch.messages.lang import known_lang
from gigmatch.messages.names import Names
from gigmatch.messages.values import Values
from gigmatch.model import Morning

__all__ = ["in_words", "rule_in_words"]

_MOST_LISTED = 5
_VERDICTS = {
    "worse": ("outbid", "outbid_alone"),
    "tied": ("plan_tied", "plan_tied_alone"),
    "open": ("plan_open", "plan_open_alone"),
}
_TEAM_VERDICTS = {
    "worse": ("team_outbid", "team_outbid_alone"),
    "tied": ("team_tied", "team_tied"),
    "open": ("team_open", "team_open_alone"),
}
_LEFT_OUT = {
    "worse": ("plan_left_out_worse", "plan_left_out_worse"),
    "tied": ("plan_left_out_tied", "plan_left_out_tied_alone"),
    "open": ("plan_left_out_open", "plan_left_out_open"),
    "impossible": ("plan_left_out_impossible", "plan_left_out_impossible"),
}
_CAUSES = {
    "seats": "cause_seats_alone",
    "times": "cause_times",
    "companion": "cause_companion",
    "companion_promised": "cause_companion_promised",
    "no_crew": "cause_no_crew",
    "team": "cause_team_alone",
    "together": "cause_together",
}
"""What is told of a cause without its figures."""
_WithPoints = data.Placed | data.Outbid | data.PlanOutbid | data.PlanImpossible
_BY_OTHERS = ("fair lottery", "hall", "given")
"""Why a solution stopped, where nobody looked for the best."""


def in_words(
    explanation: data.Reason | Advice | TrainingPlan | TrainingProgramme,
    *mornings: Morning | Columns,
    lang: str = "en",
    worker_name: Callable[[str], str] = str,
    shift_name: Callable[[str], str] = str,
) -> str:
    """An explanation as people read it.

    Figures are rounded for reading: minutes are whole, money has two digits at most. The explanation itself
    keeps them as they are.

    Parameters
    ----------
    explanation : Explanation, Advice or TrainingPlan
        For whatever eyes: what it does not show is not told.
    *mornings : Morning or Columns
        What it was made from: skills and stations are told by the names that they have there, and money in
        its currency. Without, and for what has no name, codes are told. A name that several codes have
        stands with its code, and so does a Chinese one in other languages. What it would take to make a pair
        feasible is found from objects; where there are columns alone, this is said instead.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    worker_name, shift_name : callable
        What to call the worker, or the shift, of an id; the id itself if not given.

    Raises
    ------
    InvalidInputError
        Another language, or something else for a morning.

    Examples
    --------
    >>> from gigmatch.evidence import Promised
    >>> in_words(Promised(worker_id="li", shift_id="wall", what="every seat"))
    'Every seat of wall was promised to others.'
    >>> in_words(Promised(worker_id="li", shift_id="wall", what="the worker"), lang="zh")
    'li 已约定去别的班次。'
    """
    for morning in mornings:
        if not isinstance(morning, Morning | Columns):
            raise InvalidInputError("no_morning", value=morning)
    called = {"worker": worker_name, "shift": shift_name, "instead": shift_name}
    return _Writer(known_lang(lang), mornings, called).write(explanation)


def rule_in_words(rule: str, *, lang: str = "en") -> str:
    """What people call one of the rules, or the name itself for others and in English.

    Examples
    --------
    >>> rule_in_words("rest", lang="zh")
    '休息时间不足'
    """
    return called("rules.{}.name", rule, lang)


class _Writer:
    """Writes in one language; ``called`` says who or what is called how, by the gap of a template."""

    def __init__(
        self, lang: str, mornings: tuple[Morning | Columns, ...], called: Mapping[str, Callable[[str], str]]
    ) -> None:
        self.called = called
        self.texts, self.lang = Texts("reasons", lang), lang
        both = self.texts("with_code", name="{name}", code="{code}")
        self.values = Values(self.texts, Names.of(mornings, both, glosses=lang != "zh"))
        self.lacks_objects = bool(mornings) and all(isinstance(morning, Columns) for morning in mornings)

    def write(self, said: data.Reason | Advice | TrainingPlan | TrainingProgramme) -> str:
        sentences: list[str] = getattr(self, f"_{said.kind}")(said)
        return self.texts.sentences(sentences)

    # -- one method a kind, of its name ---------------------------------------------------------------------

    def _placed(self, said: data.Placed) -> list[str]:
        parts = self._listed(
            [
                f"{self._scorer(name, said.words)} {value:g}"
                for name, value in said.points_by_scorer.items()
                if value
            ]
        )
        told = [self._with_points("placed" if parts else "placed_bare", said, "placed_alone", parts=parts)]
        if said.promised:
            told.append(self._say("promised_seat"))
        if said.price is not None:
            told.append(self._price(said.price))
        for other in said.alternatives[:_MOST_LISTED]:
            loss = self._loss(other.loss)
            points = self._points(other.points)
            told.append(self._say("alternative", shift=other.shift_id, points=points, loss=loss))
        return told

    def _with_points(self, template: str, said: _WithPoints, alone: str, **values: Any) -> str:
        """A sentence with the points of the pair, or the one without where they are not shown."""
        if said.points is None:
            return self._say(alone, said)
        return self._say(template, said, points=self._points(said.points), **values)

    def _not_eligible(self, said: data.NotEligible) -> list[str]:
        rules = self.texts("apart").join(self._rule(refusal) for refusal in said.refusals)
        told = [self._say("refused" if rules else "refused_bare", said, rules=rules)]
        if said.barred:
            told.append(self._say("barred", said))
        if said.changes:
            changes = self.texts("apart").join(map(self._change, said.changes))
            told.append(self._say("changes_barred" if said.barred else "changes", changes=changes))
        elif said.changes is None and said.refusals and self.lacks_objects:
            told.append(self.texts("changes_need_morning"))
        return told

    def _change(self, change: Change) -> str:
        return self._say(
            "change",
            side=self.texts(f"side_{change.side}"),
            field=self.values.label(change.field),
            needed=self.values.told(change.field, change.needed),
        )

    def _outbid(self, said: data.Outbid) -> list[str]:
        template, alone = (
            ("outbid_free", "outbid_free_alone") if said.has_free_seat else ("outbid", "outbid_alone")
        )
        told = [self._with_points(template, said, alone)]
        if said.instead is not None:
            told.append(self._say("outbid_instead", said, instead=said.instead))
        if said.loss is not None:
            told.append(self._say("outbid_loss", loss=self._loss(said.loss)))
        if said.holders:
            holders = [
                self._say(
                    "holder_promised" if holder.promised else "holder",
                    worker=holder.worker_id,
                    points=self._points(holder.points),
                )
                for holder in said.holders
            ]
            told.append(self._say("holders", holders=self._listed(holders)))
        return told if said.price is None else [*told, self._price(said.price)]

    def _tied(self, said: data.Tied) -> list[str]:
        own = said.draws.get(said.worker_id)
        draw = "" if own is None else self._say("draw", draw=own)
        return [self._say("tied_unplaced" if said.has_no_shift else "tied", said, seed=said.seed, draw=draw)]

    def _promised(self, said: data.Promised) -> list[str]:
        return [self._say("promised_worker" if said.what == "the worker" else "promised_seats", said)]

    def _no_eligible_shift(self, said: data.NoEligibleShift) -> list[str]:
        template = {0: "no_shift_at_all", 1: "no_shift_of_one"}.get(said.shifts, "no_shift")
        told = [self._say(template, said, n=f"{said.shifts:,}")]
        for template, counts in (
            ("refused_by", said.refused_by),
            ("refused_alone", said.refused_by_it_alone),
        ):
            if counts:
                by_count = dict(sorted(counts.items(), key=lambda entry: -entry[1]))
                told.append(self._say(template, rules=self._counts(by_count)))
        return [*told, self._say("barred_shifts", n=f"{said.barred:,}")] if said.barred else told

    def _others_first(self, said: data.OthersFirst) -> list[str]:
        short = self._short_of_seats(said)
        if said.lost_by is None:
            return short
        some = "uncounted" if said.alike is None else "some" if said.alike else "all"
        told = self._say(
            f"first_{some}_by_{said.by}",
            said,
            words=own_text(said.words, self.lang),
            ahead=f"{said.ahead or 0:,}",
            alike=f"{said.alike or 0:,}",
        )
        return [short[0], told, *short[1 if said.alike or said.lost_by != "level" else 2 :]]

    def _short_of_seats(self, said: data.ShortOfSeats | data.OthersFirst) -> list[str]:
        if said.lost_by is None:
            return [self._say("unplaced_own_matter", said)]
        if said.n_workers is None:
            told = [self._say("short_seats_few", said)]
        else:
            told = [self._say("short_seats", said, count=said.n_workers, **self._counted(said))]
        told.append(self._say(f"by_{said.lost_by}"))
        if said.loss is not None and not said.loss.is_nothing:
            told.append(self._say("by_points_loss", said, loss=self._loss(said.loss)))
        return told

    def _left_out_for_points(self, said: data.LeftOutForPoints) -> list[str]:
        told = [self._say("left_out", said)]
        if said.loss is not None:
            told.append(self._say("by_points_loss", said, loss=self._loss(said.loss)))
        return told

    def _no_eligible_worker(self, said: data.NoEligibleWorker) -> list[str]:
        template = {0: "no_worker_at_all", 1: "no_worker_of_one"}.get(said.workers, "no_worker")
        told = [self._say(template, said, n=f"{said.workers:,}")]
        if said.removed_in_order:
            template = "removed" if sees_everything(said.audience) else "removed_about"
            told.append(self._say(template, rules=self._counts(said.removed_in_order)))
        if said.nobody_has:
            told.append(self._say("nobody_has", needs=self.values.told("skills", said.nobody_has)))
        return [*told, self._say("barred_shifts", n=f"{said.barred:,}")] if said.barred else told

    def _short_of_workers(self, said: data.ShortOfWorkers) -> list[str]:
        if said.n_workers is None:
            return [self._say("short_workers_few", said)]
        return [self._say("short_workers", said, count=said.n_seats, **self._counted(said))]

    def _seat_left_for_points(self, said: data.SeatLeftForPoints) -> list[str]:
        told = [self._say("seat_left", said)]
        if said.loss is not None:
            told.append(self._say("seat_left_loss", said, loss=self._loss(said.loss)))
        return told

    def _seat_tied(self, said: data.SeatTied) -> list[str]:
        told = [self._say("seat_tied", said, seed=said.seed)]
        return told if said.worker_id is None else [*told, self._say("seat_tied_who", said)]

    def _stably_placed(self, said: data.StablyPlaced) -> list[str]:
        if said.promised:
            return [self._say("has_shift", said), self._say("promised_seat")]
        if said.place is None or said.n_shifts is None:
            return [self._say("has_shift", said)]
        place, n = f"{said.place:,}", f"{said.n_shifts:,}"
        if said.place == 1:
            return [self._say("first_choice", said, count=said.n_shifts, n=n)]
        return [self._say("choice_of", said, place=place, n=n), self._say("above_it", count=said.place - 1)]

    def _outranked(self, said: data.Outranked) -> list[str]:
        if said.decided_by is None:
            return [self._say("outranked_bare", said)]
        if said.decided_by == "worker" and said.instead is not None:
            return [self._say("outranked_worker_instead", said, instead=said.instead)]
        if said.decided_by != "employer":
            return [self._say(f"decided_by_{said.decided_by}", said)]
        told = [self._say("outranked", said, count=said.n_holders, n=f"{said.n_holders:,}")]
        if said.n_by_lot:
            told.append(self._say("outranked_by_lot", count=said.n_by_lot, n=f"{said.n_by_lot:,}"))
        if said.n_promised:
            told.append(self._say("outranked_promised", count=said.n_promised, n=f"{said.n_promised:,}"))
        if said.holders:
            holders = [self.called["worker"](holder) for holder in said.holders]
            told.append(self._say("holders", holders=self._listed(holders)))
        return told

    def _outranked_everywhere(self, said: data.OutrankedEverywhere) -> list[str]:
        if said.n_shifts is None:
            return [self._say("own_matter_stable", said)]
        told = [self._say("outranked_everywhere", said, n=f"{said.n_shifts:,}", count=said.n_shifts)]
        counts = {"full": said.n_full, "by_lot": said.n_by_lot, "refused": said.n_refused}
        counts["unwanted"] = said.n_unwanted
        return told + [self._say(f"everywhere_{k}", count=n, n=f"{n:,}") for k, n in counts.items() if n]

    def _seat_unwanted(self, said: data.SeatUnwanted) -> list[str]:
        if said.n_workers is None:
            return [self._say("seat_unwanted_bare", said)]
        told = [self._say("seat_unwanted", said, n=f"{said.n_workers:,}", count=said.n_workers)]
        counts = {"here": said.n_here, "elsewhere": said.n_elsewhere, "promised": said.n_promised}
        counts |= {"refused": said.n_refused, "unwanted": said.n_unwanted}
        return told + [self._say(f"open_{k}", count=n, n=f"{n:,}") for k, n in counts.items() if n]

    def _not_proved(self, said: data.NotProved) -> list[str]:
        if said.stopped in _BY_OTHERS:
            return [self._say("by_" + said.stopped.replace(" ", "_"))]
        stopped = Told.named("stopped", said.stopped).text(self.lang)
        if said.gap_points is None:
            return [self._say("not_proved_alone", stopped=stopped)]
        given = self.texts("given_seats" if said.seats_proved else "seats_apart")
        gap, count = self._points(said.gap_points), counted(number(said.gap_points))
        return [self._say("not_proved", count=count, gap=gap, stopped=stopped, given_seats=given)]

    def _plan_outbid(self, said: data.PlanOutbid) -> list[str]:
        template, alone = _VERDICTS[said.verdict]
        told = [self._with_points(template, said, alone)]
        if said.instead:
            told.append(self._say("plan_instead", said, shifts=self._shifts(said.instead)))
        told += [self._clash(clash) for clash in said.clashes]
        return [*told, *self._plan_loss("outbid_loss", said.loss)]

    def _plan_left_out(self, said: data.PlanLeftOut) -> list[str]:
        told = [self._say(_LEFT_OUT[said.verdict][said.shift_id is None], said)]
        if said.companions:
            others = [self.called["worker"](worker) for worker in said.companions]
            told.append(self._say("plan_companions", said, workers=self._listed(others)))
        template = "plan_left_out_loss" if said.shift_id is None else "plan_left_out_loss_there"
        return [*told, *self._plan_loss(template, said.loss, shift=said.shift_id)]

    def _plan_impossible(self, said: data.PlanImpossible) -> list[str]:
        told = [self._with_points("plan_impossible", said, "plan_impossible_alone")]
        return told if said.cause is None else [*told, self._cause(said.cause)]

    def _cause(self, cause: PlanCause) -> str:
        """What stands in the way, with what may be shown of its figures."""
        figures, counts = cause.figures, cause.counts
        place: dict[str, Any] = {"shift": cause.shift_id}
        match cause.what:
            case "seats" if counts:
                n, promised, seats = (counts[name] for name in ("coming", "promised", "seats"))
                short = "cause_seats_together" if promised else "cause_seats_too_few"
                template, some = "cause_seats" if n == 1 else short, self._some("seats", seats)
                return self._say(template, n=n, promised=promised, seats=seats, some=some)
            case "most_shifts":
                n = int(figures["most"])
                return self._say("cause_most_shifts", count=n, n=n, **place)
            case "succession":
                names = {"there": "minutes_there", "needed": "minutes_needed"}
                gaps = {
                    to: self.values.minutes(figures[name]) for to, name in names.items() if name in figures
                }
                template = "cause_succession_needed" if "needed" in gaps else "cause_succession"
                return self.texts(
                    template,
                    rule=self._rule_between(cause.rule or ""),
                    shift=self.called["shift"](cause.shift_id or ""),
                    **gaps,
                )
            case "limit":
                hours, most = (f"{figures[name]:g}" for name in ("hours", "most"))
                return self._say(
                    "cause_limit", rule=self._rule_between(cause.rule or ""), hours=hours, most=most
                )
            case "companion" if cause.worker_id is not None:
                return self._say("cause_companion_named", worker=cause.worker_id)
            case "team" if counts:
                may, needed = counts["eligible"], counts["needed"]
                template = "cause_team" if may else "cause_team_nobody"
                return self._say(template, eligible=may, needed=needed, **place)
        return self._say(_CAUSES[cause.what], **place)

    def _rule_between(self, rule: str) -> str:
        """What a rule that refuses several shifts together is called; one's own by its name."""
        return self.texts.known(f"rules.{rule}.name", rule)

    def _plan_held(self, said: data.PlanHeld) -> list[str]:
        if not said.shifts:
            return [self._say("not_shown", said)]
        day = self._shifts(tuple(one.shift_id for one in said.shifts))
        return [self._say("plan_instead", said, shifts=day), *(self._held(one, said) for one in said.shifts)]

    def _held(self, one: HeldShift, said: data.PlanHeld) -> str:
        """A shift of the day: its points, and what the whole would lose without the worker there."""
        points = self._points(one.points or 0.0)
        scored = one.points_by_scorer.items()
        parts = self._listed([f"{self._scorer(name, said.words)} {by:g}" for name, by in scored if by])
        told = self._say("held" if parts else "held_bare", shift=one.shift_id, points=points, parts=parts)
        if one.promised:
            return self.texts.sentences([told, self._say("promised_seat")])
        if one.without is None:
            return told
        if one.without.verdict == "tied":
            return self.texts.sentences([told, self._say("without_as_good", said)])
        return self.texts.sentences([told, *self._plan_loss("without", one.without, worker=said.worker_id)])

    def _team_outbid(self, said: data.TeamOutbid) -> list[str]:
        told = [*self._team(said), self._say(_TEAM_VERDICTS[said.verdict][said.proof is None])]
        told += self._plan_loss("team_loss", said.loss)
        if said.coming:
            coming = [self.called["worker"](worker) for worker in said.coming]
            told.append(self._say("team_coming", workers=self._listed(coming)))
        return told

    def _team_short(self, said: data.TeamShort) -> list[str]:
        places = [self._say("missing_at", shift=shift, n=f"{n:,}") for shift, n in said.missing.items()]
        n, at = said.n_missing, self._listed(places)
        if n is None:
            short = self._say("team_short_enough" if places else "team_short_uncounted", places=at)
        else:
            short = self._say("team_short", count=n, n=f"{n:,}", places=at)
        return [*self._team(said), short]

    def _team(self, said: data.TeamOutbid | data.TeamShort) -> list[str]:
        """Who is there, how many one more would need, and what has to come with them."""
        told = [
            self._say(
                "team_some" if said.n_there else "team_nobody",
                said,
                n=f"{said.n_there:,}",
                needed=f"{said.n_needed:,}",
            )
        ]
        return [*told, self._say("team_crew", shifts=self._shifts(said.crew))] if said.crew else told

    def _clash(self, clash: Clash) -> str:
        rules = self._listed([*map(self._rule_between, clash.rules)])
        return self._say("clash" if rules else "clash_of_times", shift=clash.shift_id, rules=rules)

    def _plan_loss(self, template: str, loss: PlanLoss | None, **values: Any) -> list[str]:
        """What the whole loses, with bounds where something is not proved; nothing where nothing is known."""
        if loss is None or loss.verdict == "tied":
            return []
        if loss.is_exact:
            return [self._say(template, loss=self._loss(loss.exact), **values)]
        if loss.at_most is None and loss.verdict == "open":
            return []
        told = self._between(loss.at_least, loss.at_most)
        if not loss.exact.is_nothing:
            told = self.texts("and_then", exact=self._loss(loss.exact), between=told)
        return [self._say(template, loss=told, **values)]

    def _between(self, least: Amount | None, most: Amount | None) -> str:
        """Two bounds, of which one may not be known."""
        if least is None:
            return "" if most is None else self._say("loss_at_most", most=self._loss(most))
        if most is None:
            return self._say("loss_at_least", least=self._loss(least))
        return self._say("between", least=self._loss(least), most=self._loss(most))

    def _shifts(self, ids: tuple[str, ...]) -> str:
        return self._listed([self.called["shift"](one) for one in ids])

    def _ranked_shifts(self, said: data.RankedShifts) -> list[str]:
        if not said.choices:
            none = "no_choice_worker" if said.newcomer is None else "no_choice_newcomer"
            return [self._say("not_shown" if said.audience == "employer" else none, said)]
        told = [self._say("ranked_shifts", said, choices=self._choices(said.choices, "shift"))]
        best = said.choices[0].effect
        is_best_out = said.newcomer is not None and best is not None and not best.is_gain
        return [*told, self._say("best_left_out", said)] if is_best_out else told

    def _ranked_workers(self, said: data.RankedWorkers) -> list[str]:
        if not said.choices:
            everything = sees_everything(said.audience)
            return [self._say("no_choice_shift" if everything else "not_shown", said)]
        told = [self._say("ranked_workers", said, choices=self._choices(said.choices, "worker"))]
        if first := [self.called["worker"](stand_by.id) for stand_by in said.stand_bys[:_MOST_LISTED]]:
            template = "stand_bys" if len(first) == said.n_stand_bys else "stand_bys_first"
            told.append(self._say(template, n=f"{said.n_stand_bys or 0:,}", ids=self._listed(first)))
        return told

    def _skill_values(self, said: data.SkillValues) -> list[str]:
        if said.profile is None:
            return [self._say("skill_values_not_shown")]
        told = [
            self._say(
                ("no_skill" if value.skill is None else "skill_value")
                + ("_none" if value.shift_id is None else ""),
                skill=self.values.skill(value.skill or ""),
                level=value.level,
                gain=self._amount(value.gain),
                shift=value.shift_id,
            )
            for value in sorted(said.values, key=lambda value: value.gain.key, reverse=True)
        ]
        values = self._listed(told, "gap_of_skill_values")
        return [self._say("skill_values", worker=said.profile.id, values=values)]

    def _advice(self, said: Advice) -> list[str]:
        if said.worker_id is not None and said.audience == "employer":
            return [self._say("own_matter", said)]
        side = "worker" if said.worker_id else "shift"
        is_of_others = side == "shift" and not sees_everything(said.audience)
        if not said.options:
            who = self.called[side](said.worker_id or said.shift_id or "")
            return [
                self._say("no_option_of_several" if is_of_others else "no_option", who=who, n=LEAST_PEOPLE)
            ]
        told = [
            self._option_of_others(one) if is_of_others else self._option_told(one) for one in said.options
        ]
        template = "place" if said.worker_id else "fill"
        told = [self._say(template, said, options=self._listed(told, "apart"))]
        return told if said.is_smallest else [*told, self._say("smallest_found")]

    def _option_told(self, option: Option) -> str:
        """A change, for whom it is and what it brings; how many move where that is shown."""
        return self._say(
            "option_own" if option.moved is None else "option",
            change=self._option(option),
            whom=self.called["worker"](option.worker_id) if option.worker_id else self.texts("somebody"),
            more=f"{option.more_placements:,}",
            moved=f"{option.moved or 0:,}",
        )

    def _option_of_others(self, option: Option) -> str:
        """A change by the rounded size at which it helps several."""
        is_known = option.kind in MEASURES
        kind = f"change_{option.kind.replace(' ', '_')}_about" if is_known else "another_kind"
        size = self.values.size(option.kind, option.for_three or 0.0)
        change = self._say(kind, kind=option.kind, unit=option.unit, size=size)
        return self._say("option_of_several", change=change, n=LEAST_PEOPLE)

    def _option(self, option: Option) -> str:
        """What changes, by how much, and to what."""
        change = option.changes[0]
        is_known = option.kind in MEASURES
        return self._say(
            f"change_{option.kind.replace(' ', '_')}" if is_known else "another_kind",
            kind=option.kind,
            unit=option.unit,
            size=self.values.size(option.kind, option.size or 0.0),
            needed=self.values.told(change.field, change.needed),
            per=self.texts("per_hour" if change.field == "pay_floor_per_hour" else "per_day"),
        )

    def _training_plan(self, said: TrainingPlan) -> list[str]:
        figures = self._figures(said, "placements", said.more_placements or 0, said.bound)
        if not said.lessons:
            return [self._untold_training(said, "train_hidden", figures)]
        lessons = [
            self._say(
                "lesson", worker=lesson.worker_id, skill=self.values.skill(lesson.skill), level=lesson.level
            )
            for lesson in said.lessons
        ]
        return [self._say("train", lessons=self._listed(lessons), **figures)]

    def _training_programme(self, said: TrainingProgramme) -> list[str]:
        figures = self._figures(said, "times", said.more_placements, said.bound)
        figures["mornings"] = self._some("mornings", len(said.mornings))
        if not said.lessons:
            return [self._untold_training(said, "programme_hidden", figures)]
        courses: dict[tuple[str, int], list[str]] = {}
        for lesson in said.lessons:
            courses.setdefault((lesson.skill, lesson.level), []).append(
                self.called["worker"](lesson.worker_id)
            )
        told = [
            self._say(
                "course",
                skill=self.values.skill(skill),
                level=level,
                n=f"{len(ids):,}",
                ids=self._listed(ids),
            )
            for (skill, level), ids in courses.items()
        ]
        return [self._say("programme", courses=self.texts("apart").join(told), **figures)]

    def _untold_training(
        self, said: TrainingPlan | TrainingProgramme, template: str, figures: dict[str, Any]
    ) -> str:
        """What training brings without whom; nothing for other eyes where few people stand behind it."""
        if said.more_placements:
            return self._say(template, **figures)
        few = "train_few" if not sees_everything(said.audience) else "no_train"
        return self._say(few, n=LEAST_PEOPLE)

    def _figures(
        self, said: TrainingPlan | TrainingProgramme, what: str, more: int, bound: int
    ) -> dict[str, Any]:
        """What training brings, counted."""
        more_wages = said.more_wages or 0.0
        wages = "wages" if more_wages >= 0 else "wages_less"
        return {
            "trained": self._some("people", len(said.lessons)),
            "people": self._some("people", said.people),
            "placements": self._some(what, more),
            "wages": self._say(wages, money=self.values.wages(abs(more_wages))),
            "bound": self._some(what, bound),
        }

    # -- parts ----------------------------------------------------------------------------------------------

    def _say(self, template: str, said: Any = None, *, count: int | None = None, **values: Any) -> str:
        """A template filled in; in the form for so many."""
        told = {"worker": getattr(said, "worker_id", ""), "shift": getattr(said, "shift_id", ""), **values}
        told |= {gap: name(told[gap]) for gap, name in self.called.items() if told.get(gap)}
        if count is not None:
            return self.texts.plural(template, count, **told)
        return self.texts(template, **told)

    def _some(self, what: str, n: int) -> str:
        """So many of something."""
        return self._say(f"n_{what}", count=n)

    def _points(self, points: float) -> str:
        """Points, one or many by what is written."""
        written = number(points)
        return self.texts.plural("n_points", counted(written), n=written)

    def _scorer(self, name: str, own: Mapping[str, Mapping[str, str]]) -> str:
        """What people call a scorer: a scorer of one's own by the words that it brought."""
        return own_text(own[name], self.lang) if name in own else called("scorers.{}", name, self.lang)

    def _counted(self, said: data.ShortOfSeats | data.OthersFirst | data.ShortOfWorkers) -> dict[str, Any]:
        """The counts of a shortage; promised seats are none of those that it counts, and told apart."""
        besides = self._say("besides", count=said.n_promised) if said.n_promised else ""
        counts = {"workers": said.n_workers, "shifts": said.n_shifts, "seats": said.n_seats}
        told = {what: self._some(what, n) for what, n in counts.items() if n is not None}
        if not sees_everything(said.audience) and "workers" in told:
            told["workers"] = self._say("about", what=told["workers"])
        return {"besides": besides, **told}

    def _loss(self, amount: Amount) -> str:
        return self._amount(amount, "but_bring")

    def _amount(self, amount: Amount, but: str = "but_cost") -> str:
        """What is above nothing, and then, if there is any, what is below."""
        plus, minus = self._parts(amount, 1), self._parts(amount, -1)
        return self._say(but, plus=plus, minus=minus) if minus != self.texts("nothing") else plus

    def _parts(self, amount: Amount, sign: int) -> str:
        parts = [
            self._say("seats_of_tier", count=sign * n, tier=tier)
            for tier, n in amount.seats_by_tier.items()
            if sign * n > 0
        ]
        parts += self._units(amount.above_points, sign)
        if sign * amount.points > 0:
            parts.append(self._points(sign * amount.points))
        parts += self._units(amount.below_points, sign)
        first, last = self.texts("list").join(parts[:-1]), parts[-1:]
        return self.texts("and").join([*filter(None, [first]), *last]) or self.texts("nothing")

    def _units(self, sums: Mapping[str, Sum], sign: int) -> list[str]:
        """Of levels of the market's own, in its words."""
        told = [(own_text({"en": name, **one.words}, self.lang), sign * one.n) for name, one in sums.items()]
        return [self._say("units", what=what, n=f"{n:,}") for what, n in told if n > 0]

    def _price(self, price: SeatPrice) -> str:
        more = self._amount(price.one_more)
        if price.one_less is None:
            return self._say("price_no_less", more=more)
        return self._say("price", more=more, less=self._loss(price.one_less))

    def _rule(self, refusal: Refusal) -> str:
        name = rule_in_words(refusal.rule, lang=self.lang)
        demand = own_text(refusal.sentence, self.lang).removesuffix(".").removesuffix("。")
        told = demand if name == refusal.rule else name
        values = self.texts("apart").join(self.values.all_of(refusal.values))
        return self._say("with_values", told=told, values=values) if values else told

    def _counts(self, counts: Mapping[str, int]) -> str:
        return self._listed(
            [
                self._say("count", name=rule_in_words(name, lang=self.lang), n=f"{n:,}")
                for name, n in counts.items()
            ]
        )

    def _choices(self, choices: tuple[Ranked, ...], side: str) -> str:
        told = []
        for choice in choices:
            named: dict[str, Any] = {
                "id": self.called[side](choice.id),
                "points": self._points(choice.points),
            }
            if choice.effect is None:
                told.append(self._say("choice_bare", **named))
            elif choice.effect.is_gain:
                told.append(self._say("choice_gain", gain=self._amount(choice.effect), **named))
            else:
                told.append(self._say("choice", loss=self._loss(-choice.effect), **named))
        return self._listed(told)

    def _listed(self, parts: list[str], gap: str = "list") -> str:
        """A few of them, and how many more there are."""
        shown = parts[:_MOST_LISTED]
        if len(parts) > _MOST_LISTED:
            shown.append(self._say("more", n=f"{len(parts) - _MOST_LISTED:,}"))
        return self.texts(gap).join(shown)
