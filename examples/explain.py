"""Ask why, of somebody placed, somebody left over and empty seats; for whose eyes; check the answers."""

import gigmatch as gm


def main() -> None:
    morning = gm.samples.jingshi(seed=7)
    assignment = gm.match(morning)
    explainer = gm.explain(morning, assignment)

    print("why Li shifu has his shift, as the manager sees it")
    placed = explainer.why("li-shifu", alternatives=2)
    print(f"  {gm.in_words(placed)}")

    left_over = next(worker.worker_id for worker in assignment.unplaced if worker.eligible_shifts)
    print("\nwhy somebody has none: the manager, the worker, and the worker in Chinese")
    unplaced = explainer.why(left_over)
    print(f"  {gm.in_words(unplaced)}")
    print(f"  {gm.in_words(unplaced.seen_by('worker'))}")
    print(f"  {gm.in_words(unplaced.seen_by('worker'), lang='zh')}")

    print("\nwhy not that shift")
    wanted = assignment.shift_of("li-shifu")
    why_not = explainer.why_not(left_over, wanted)
    print(f"  {gm.in_words(why_not)}")

    print("\nwhy seats are empty")
    for shift in assignment.open_shifts[:3]:
        print(f"  {gm.in_words(explainer.why_empty(shift.shift_id))}")

    print("\nwho could come instead, and who stands by")
    print(f"  {gm.in_words(explainer.recommend_workers(wanted, most=3))}")

    print("\nwhere somebody who walks in should go: the manager, and the newcomer")
    mason = {"id": "walk-in", "station_id": morning.market.id, "skills": [{"skill": "mason", "level": 3}]}
    ranked = explainer.recommend_newcomer(mason, most=3)
    print(f"  {gm.in_words(ranked)}")
    print(f"  {gm.in_words(ranked.seen_by('worker'))}")

    print("\nthe checker trusts nobody")
    print(f"  {gm.check_reasons(morning, assignment, [placed, unplaced, why_not, ranked])} explanations hold")
    everything = explainer.everything()
    kinds = {reason.kind for reason in everything.reasons}
    print(f"  {len(everything.reasons)} reasons in all, of {len(kinds)} kinds")


if __name__ == "__main__":
    main()
