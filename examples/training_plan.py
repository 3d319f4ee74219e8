"""What would change it: seats that nobody fills, somebody without a shift, and whom to train in what."""

import gigmatch as gm


def main() -> None:
    morning = gm.samples.jingshi(seed=7)
    assignment = gm.match(morning)
    adviser = gm.Adviser(gm.explain(morning, assignment))

    print("what would fill a seat")
    for shift in ("s-00006-plumbing", "s-00008-plumbing"):
        print(f"  {gm.in_words(adviser.fill(shift))}")

    print("\nwhat would place somebody")
    left_over = next(worker.worker_id for worker in assignment.unplaced if worker.eligible_shifts)
    for lang in ("en", "zh"):
        print(f"  {gm.in_words(adviser.place(left_over), morning, lang=lang)}")

    print("\nwhom to train")
    plan = adviser.train(6)
    print(f"  {gm.in_words(plan)}")
    print(f"  {gm.in_words(plan, morning, lang='zh')}")

    print("\nwhom to train for two mornings with the same people")
    monday, other = (gm.samples.jingshi(seed=seed, workers=400) for seed in (7, 8))
    tuesday = other.model_copy(update={"workers": monday.workers})
    mornings = [(day, gm.match(day)) for day in (monday, tuesday)]
    programme = gm.plan_training(mornings, people=4)
    print(f"  {gm.in_words(programme)}")
    gm.check_programme(mornings, programme)
    print(f"  verified: {[part.more_placements for part in programme.mornings]} placements more")

    print("\nwhat one more worker would bring, by skill")
    print(f"  {gm.in_words(adviser.explainer.skill_values())}")

    print("\nwhere one more seat would be worth most")
    values = adviser.seat_values()
    for shift in sorted(values, key=lambda key: values[key].key, reverse=True)[:3]:
        print(f"  {shift}: {values[shift].seats} placed, {values[shift].points:.2f} points")


if __name__ == "__main__":
    main()
