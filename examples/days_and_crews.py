"""One morning of whole days and crews: small jobs around the day, a wall of four, two who go together."""

import gigmatch as gm

HALL = gm.Location(lat=39.77, lon=116.54, datum="WGS-84", label="hall")
NORTH = gm.Location(lat=39.80, lon=116.55, datum="WGS-84", label="north gate")


def person(name: str, skill: str | None = None, **given) -> gm.Worker:
    skills = () if skill is None else (gm.WorkerSkill(skill=skill, level=3),)
    return gm.Worker(id=name, home=HALL, skills=skills, **given)


def job(name: str, hours: tuple[int, int], pay: int, skill: str | None = None, **given) -> gm.Shift:
    return gm.Shift(
        **{"id": name, "employer_id": "e-1", "location": HALL} | given,
        periods=(gm.Period(start_min=60 * hours[0], end_min=60 * hours[1]),),
        pay=gm.Pay(amount=pay, unit="shift"),
        all_of=() if skill is None else (gm.SkillRequirement(skill=skill),),
    )


def morning(masons: int) -> gm.Morning:
    return gm.Morning(
        date="2025-09-19",
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=gm.Market(id="hall", name="Hall", location=HALL),
        employers=(gm.Employer(id="e-1"),),
        skills=(gm.Skill(code="mason", name="mason"),),
        workers=(
            person("li", max_shifts=3, max_hours_today=9.0, least_break_min=60),
            person("wang", max_shifts=2),
            person("zhao"),
            person("qian"),
            *(person(f"mason-{number}", "mason") for number in range(masons)),
        ),
        shifts=(
            job("cleaning", (6, 9), 90),
            job("lunch", (11, 14), 80, location=NORTH),
            job("dishes", (18, 22), 110, headcount=2),
            job("parcels", (19, 23), 130, minimum_headcount=3, headcount=4),
            job("wall-masons", (7, 17), 380, "mason", crew_id="wall", headcount=2),
            job("wall-helpers", (7, 17), 230, crew_id="wall", headcount=2),
        ),
        crews=(gm.Crew(id="wall", name="Wall"),),
        companions=(gm.Companions(id="couple", worker_ids=("zhao", "qian"), together="shift"),),
    )


def main() -> None:
    assignment = gm.match(morning(masons=2))
    print(f"status: {assignment.status}")
    print("everybody's day")
    for worker in assignment.worker_ids:
        print(f"  {worker:8} {', '.join(assignment.shifts_of(worker)) or '-'}")

    print("\nwhat is proved, level by level")
    for claim in assignment.solution.claims:
        print(f"  {claim.level:8} reached {claim.value:,}, no more than {claim.bound:,}")

    print("\nwhat lacks people")
    print("\n".join(assignment.board_text(width=100).splitlines()[2:]))

    print("\nwith one mason there is no wall, and those who would have helped go elsewhere")
    without = gm.match(morning(masons=1))
    for worker in without.worker_ids:
        print(f"  {worker:8} {', '.join(without.shifts_of(worker)) or '-'}")


if __name__ == "__main__":
    main()
