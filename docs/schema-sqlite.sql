-- The tables of a gigmatch morning, for SQLite. Generated from gigmatch.tables.schema.

-- The market hall, which ``morning.market_id`` names, and the street stations linked with it.
create table stations (
  id text not null,  -- Identifier, unique among stations.
  name text not null,  -- Name people know it by.
  contact text default '',  -- How to reach its desk, such as a telephone number.
  lat real not null,  -- Latitude in degrees.
  lon real not null,  -- Longitude in degrees.
  datum text not null,  -- What the degrees are in, no default: GPS gives WGS-84, Amap and Tencent GCJ-02, Baidu BD-09.
  label text,  -- A name people know the place by.
  opening_start_min integer,  -- First minute, since the morning's midnight.
  opening_end_min integer,  -- Minute after the last, since the morning's midnight; after ``start_min``.
  primary key (id),
  check (length(id) between 1 and 200),
  check (lat >= -90),
  check (lat <= 90),
  check (lon >= -180),
  check (lon <= 180),
  check (datum in ('WGS-84', 'GCJ-02', 'BD-09')),
  check (opening_start_min >= -20160),
  check (opening_start_min <= 600000),
  check (opening_end_min >= -20160),
  check (opening_end_min <= 600000),
  check (opening_end_min > opening_start_min),
  check ((opening_start_min is null) = (opening_end_min is null))
);

-- The morning itself, in one row.
create table morning (
  date text not null,  -- The day whose midnight all minutes count from.
  time_zone text not null,  -- IANA name of the time zone, such as ``Asia/Shanghai``.
  currency text not null,  -- ISO 4217 code of the currency of all money.
  market_id text not null,  -- The station that is the market hall.
  market_insurance boolean default false,  -- Whether the market (the district) covers everybody it places.
  jurisdiction text default 'none',  -- Whose law the limits are.
  schema_version integer default 1,  -- Version of this schema; a file of another version is refused.
  primary key (date),
  foreign key (market_id) references stations (id),
  check (length(market_id) between 1 and 200),
  check (schema_version >= 1),
  check (schema_version <= 1)
);

-- Legal limits of the place, dated; at most one of a kind in force on any day.
create table limits (
  kind text not null,  -- What is limited; the unit stands in the name.
  value numeric not null,  -- The figure.
  valid_from text not null,  -- First day in force.
  valid_to text,  -- Last day in force; missing: in force until replaced.
  source text not null,  -- Where it is written.
  severity text default 'warn',  -- ``warn`` lets the pair pass and lists it; ``block`` makes it infeasible.
  primary key (kind, valid_from),
  check (kind in ('minimum_wage_per_hour', 'minimum_wage_per_hour_part_time', 'minimum_age_years', 'youth_age_years', 'over_age_years', 'max_hours_per_day', 'min_rest_hours', 'max_hours_per_week', 'max_hours_per_week_per_employer', 'paid_days_per_month')),
  check (value >= 0),
  check (value <= 1000000000),
  check (severity in ('warn', 'block')),
  check (valid_to >= valid_from)
);

-- Skills that others name.
create table skills (
  code text not null,  -- Code by which workers and shifts name it; unique within the morning.
  name text not null,  -- Name people read.
  scheme text default 'local',  -- Classification the code comes from, such as ``GB/T 6565`` or ``ISCO-08``.
  scheme_version text default '',  -- Edition of the classification.
  primary key (code),
  check (length(code) between 1 and 200)
);

-- Skills that a skill covers at the same level, transitively: a mason's covers a helper's.
create table skill_covers (
  skill text not null,  -- Code of the skill.
  covered text not null,  -- The skill that is covered.
  foreign key (skill) references skills (code),
  foreign key (covered) references skills (code),
  check (length(skill) between 1 and 200),
  check (length(covered) between 1 and 200)
);
create index skill_covers_skill on skill_covers (skill);

-- Going wages by skill, frozen.
create table reference_wages (
  skill text not null,  -- Code of the skill.
  per_hour numeric not null,  -- Going wage per hour.
  as_of text not null,  -- Day it was frozen.
  source text not null,  -- Where it comes from.
  primary key (skill),
  foreign key (skill) references skills (code),
  check (length(skill) between 1 and 200),
  check (per_hour > 0),
  check (per_hour <= 1000000000)
);

-- Everybody who offers shifts.
create table employers (
  id text not null,  -- Identifier, unique among its kind.
  name text default '',  -- Name people read.
  contact text default '',  -- How workers reach them, such as a telephone number.
  licence text,  -- Licence number, if there is one.
  standing text default 'ok',  -- ``arrears`` owes wages; ``suspended`` may not hire.
  payment_punctuality real,  -- Share of wages paid on time, 0 to 1; unknown is neutral.
  primary key (id),
  check (length(id) between 1 and 200),
  check (standing in ('ok', 'arrears', 'suspended')),
  check (payment_punctuality >= 0),
  check (payment_punctuality <= 1)
);

-- Workers whom an employer refuses; need not be here this morning.
create table employer_refusals (
  employer_id text not null,  -- The employer.
  worker_id text not null,  -- The worker.
  foreign key (employer_id) references employers (id),
  check (length(employer_id) between 1 and 200),
  check (length(worker_id) between 1 and 200)
);
create index employer_refusals_employer_id on employer_refusals (employer_id);

-- Brokers whom shifts are offered through.
create table brokers (
  id text not null,  -- Identifier, unique among its kind.
  name text default '',  -- Name people read.
  contact text default '',  -- How workers reach them, such as a telephone number.
  licence text,  -- Licence number, if there is one.
  standing text default 'ok',  -- ``arrears`` owes wages; ``suspended`` may not hire.
  payment_punctuality real,  -- Share of wages paid on time, 0 to 1; unknown is neutral.
  primary key (id),
  check (length(id) between 1 and 200),
  check (standing in ('ok', 'arrears', 'suspended')),
  check (payment_punctuality >= 0),
  check (payment_punctuality <= 1)
);

-- Workers whom a broker refuses; need not be here this morning.
create table broker_refusals (
  broker_id text not null,  -- The broker.
  worker_id text not null,  -- The worker.
  foreign key (broker_id) references brokers (id),
  check (length(broker_id) between 1 and 200),
  check (length(worker_id) between 1 and 200)
);
create index broker_refusals_broker_id on broker_refusals (broker_id);

-- Crews that shifts belong to.
create table crews (
  id text not null,  -- Identifier, unique among crews.
  name text default '',  -- Name people read.
  primary key (id),
  check (length(id) between 1 and 200)
);

-- People looking for work.
create table workers (
  id text not null,  -- Identifier, unique among workers.
  name text default '',  -- Name people read; no rule and no scorer sees it.
  contact text default '',  -- How to reach them, such as a telephone number; for the market's own people alone.
  home_lat real,  -- Latitude in degrees.
  home_lon real,  -- Longitude in degrees.
  home_datum text,  -- What the degrees are in, no default: GPS gives WGS-84, Amap and Tencent GCJ-02, Baidu BD-09.
  home_label text,  -- A name people know the place by.
  station_id text,  -- Station or market where the worker registered.
  arrived_at_min integer,  -- When the worker came or registered; unknown counts as after everybody else.
  birth_date text,  -- Date of birth; give this or ``age_years``.
  age_years integer,  -- Age in completed years, where the date of birth is not recorded.
  pay_floor_per_hour numeric,  -- Least pay per hour the worker accepts.
  pay_floor_per_day numeric,  -- Least pay per day the worker accepts.
  wanted_settlement text,  -- How the worker wants to be paid; a wish, never a condition.
  travel_limit_min real,  -- Longest way to work in minutes; unknown: no limit is known.
  travel_mode text default 'transit',  -- How the worker gets to work.
  insured boolean,  -- Whether the worker has cover of their own; unknown counts as no cover.
  insurance_required boolean default false,  -- Whether the worker refuses work without cover.
  last_shift_end_min integer,  -- When the last shift ended; unknown counts as rested.
  hours_this_week real,  -- Hours worked since Monday for everybody; unknown: the sum of ``hours_by_employer``.
  days_since_last_placement integer,  -- Days without a placement; unknown is neutral.
  rating real,  -- Rating by employers, 0 to 5; unknown is neutral.
  primary key (id),
  foreign key (station_id) references stations (id),
  check (length(id) between 1 and 200),
  check (home_lat >= -90),
  check (home_lat <= 90),
  check (home_lon >= -180),
  check (home_lon <= 180),
  check (home_datum in ('WGS-84', 'GCJ-02', 'BD-09')),
  check (length(station_id) between 1 and 200),
  check (arrived_at_min >= -20160),
  check (arrived_at_min <= 600000),
  check (age_years >= 0),
  check (age_years <= 130),
  check (pay_floor_per_hour >= 0),
  check (pay_floor_per_hour <= 1000000000),
  check (pay_floor_per_day >= 0),
  check (pay_floor_per_day <= 1000000000),
  check (wanted_settlement in ('same_day', 'weekly', 'monthly', 'on_completion')),
  check (travel_limit_min > 0),
  check (travel_limit_min <= 1440),
  check (travel_mode in ('walk', 'cycle', 'transit', 'drive')),
  check (last_shift_end_min >= -20160),
  check (last_shift_end_min <= 600000),
  check (hours_this_week >= 0),
  check (hours_this_week <= 8784),
  check (days_since_last_placement >= 0),
  check (days_since_last_placement <= 1000000),
  check (rating >= 0),
  check (rating <= 5),
  check ((home_lat is null) = (home_lon is null) and (home_lat is null) = (home_datum is null)),
  check (home_label is null or home_lat is not null),
  check (home_lat is not null or station_id is not null),
  check (birth_date is null or age_years is null)
);

-- Skills that workers have.
create table worker_skills (
  worker_id text not null,  -- The worker.
  skill text not null,  -- Code of the skill.
  level integer,  -- 5 (lowest) to 1 (highest); unknown counts as 5, the level that asks for nothing.
  foreign key (worker_id) references workers (id),
  foreign key (skill) references skills (code),
  check (length(worker_id) between 1 and 200),
  check (length(skill) between 1 and 200),
  check (level >= 1),
  check (level <= 5)
);
create index worker_skills_worker_id on worker_skills (worker_id);

-- Licences and certificates that workers hold.
create table credentials (
  worker_id text not null,  -- The worker.
  kind text not null,  -- What it is, such as ``electrician`` or ``health``.
  level integer,  -- Level from 5 (lowest) to 1, where the kind has levels; unknown counts as 5.
  valid_to text,  -- Last day of validity; unknown means that no expiry is known, and it counts as valid.
  review_due text,  -- Day by which it must be reviewed; later it counts as lapsed. Unknown: no review is due.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(kind) between 1 and 200),
  check (level >= 1),
  check (level <= 5)
);
create index credentials_worker_id on credentials (worker_id);

-- When workers can work; one without a window is free all the time.
create table windows (
  worker_id text not null,  -- The worker.
  start_min integer not null,  -- First minute, since the morning's midnight.
  end_min integer not null,  -- Minute after the last, since the morning's midnight; after ``start_min``.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (start_min >= -20160),
  check (start_min <= 600000),
  check (end_min >= -20160),
  check (end_min <= 600000),
  check (end_min > start_min)
);
create index windows_worker_id on windows (worker_id);

-- When workers are taken already.
create table commitments (
  worker_id text not null,  -- The worker.
  start_min integer not null,  -- First minute, since the morning's midnight.
  end_min integer not null,  -- Minute after the last, since the morning's midnight; after ``start_min``.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (start_min >= -20160),
  check (start_min <= 600000),
  check (end_min >= -20160),
  check (end_min <= 600000),
  check (end_min > start_min)
);
create index commitments_worker_id on commitments (worker_id);

-- Hours worked this week, by employer.
create table employer_hours (
  worker_id text not null,  -- The worker.
  employer_id text not null,  -- The employer; need not be hiring this morning.
  hours real not null,  -- Hours since Monday.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(employer_id) between 1 and 200),
  check (hours >= 0),
  check (hours <= 8784)
);
create index employer_hours_worker_id on employer_hours (worker_id);

-- Employers whom workers have worked for.
create table past_employers (
  worker_id text not null,  -- The worker.
  employer_id text not null,  -- The employer; need not be hiring this morning.
  shifts integer,  -- How many shifts; unknown if missing.
  praise boolean,  -- True if the employer praised the worker, False if they complained; missing: neither is known.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(employer_id) between 1 and 200),
  check (shifts >= 0),
  check (shifts <= 1000000)
);
create index past_employers_worker_id on past_employers (worker_id);

-- Priority groups that workers are in; they count only where a market's policy opts in.
create table worker_groups (
  worker_id text not null,  -- The worker.
  priority_group text not null,  -- Name of the group; protected ones are refused.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(priority_group) between 1 and 200)
);
create index worker_groups_worker_id on worker_groups (worker_id);

-- Employers whom a worker will not work for.
create table worker_refusals (
  worker_id text not null,  -- The worker.
  employer_id text not null,  -- The employer.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(employer_id) between 1 and 200)
);
create index worker_refusals_worker_id on worker_refusals (worker_id);

-- Employers whom a worker would rather work for.
create table worker_preferences (
  worker_id text not null,  -- The worker.
  employer_id text not null,  -- The employer.
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(employer_id) between 1 and 200)
);
create index worker_preferences_worker_id on worker_preferences (worker_id);

-- Free attributes of workers, for a market's own rules and scorers.
create table worker_attributes (
  worker_id text not null,  -- The worker.
  name text not null,  -- Name of the attribute; protected ones are refused.
  value text not null,  -- The value, written as text.
  type text default 'text',  -- What the text stands for: ``true`` is a boolean, ``-12`` an integer, ``0.5`` a number.
  primary key (worker_id, name),
  foreign key (worker_id) references workers (id),
  check (length(worker_id) between 1 and 200),
  check (length(name) between 1 and 200),
  check (type in ('text', 'boolean', 'integer', 'number'))
);

-- Work offered: one or more seats for the same periods at the same place.
create table shifts (
  id text not null,  -- Identifier, unique among shifts.
  title text default '',  -- What people call the work; the leading skill if missing.
  employer_id text not null,  -- Who offers it.
  broker_id text,  -- Broker it is offered through; missing: the employer hires directly.
  lat real not null,  -- Latitude in degrees.
  lon real not null,  -- Longitude in degrees.
  datum text not null,  -- What the degrees are in, no default: GPS gives WGS-84, Amap and Tencent GCJ-02, Baidu BD-09.
  label text,  -- A name people know the place by.
  address text default '',  -- How people find it: street, number, gate.
  attendance text default 'fixed',  -- ``fixed``: there throughout every period. ``flexible``: at least ``min_minutes`` inside the periods.
  min_minutes integer,  -- Minutes of work a flexible shift asks for; with ``flexible``, and only then.
  headcount integer default 1,  -- Seats.
  minimum_headcount integer default 1,  -- Fewest people with whom the shift takes place.
  pay_amount numeric not null,  -- Amount for one ``unit``.
  pay_unit text not null,  -- What the amount is paid for; ``shift`` is the whole shift, all its days together.
  pay_expected_pieces integer,  -- Pieces one worker is expected to make in the whole shift; with ``piece``, and only then.
  settlement text,  -- When it pays; unknown is neutral.
  meals boolean,  -- Whether meals are provided; unknown if missing.
  lodging boolean,  -- Whether lodging is provided; unknown if missing.
  insurance boolean,  -- Whether the employer provides cover; unknown counts as no cover.
  outdoor boolean,  -- Whether the work is outdoors; unknown if missing.
  min_age_years integer,  -- Youngest age accepted.
  max_age_years integer,  -- Oldest age accepted.
  priority_tier integer default 5,  -- 1 is filled before 2, and so on; 5 is ordinary.
  crew_id text,  -- Crew the shift belongs to.
  primary key (id),
  foreign key (employer_id) references employers (id),
  foreign key (broker_id) references brokers (id),
  foreign key (crew_id) references crews (id),
  check (length(id) between 1 and 200),
  check (length(employer_id) between 1 and 200),
  check (length(broker_id) between 1 and 200),
  check (lat >= -90),
  check (lat <= 90),
  check (lon >= -180),
  check (lon <= 180),
  check (datum in ('WGS-84', 'GCJ-02', 'BD-09')),
  check (attendance in ('fixed', 'flexible')),
  check (min_minutes >= 1),
  check (headcount >= 1),
  check (headcount <= 1000000),
  check (minimum_headcount >= 1),
  check (pay_amount >= 0),
  check (pay_amount <= 1000000000),
  check (pay_unit in ('hour', 'day', 'shift', 'piece', 'month')),
  check (pay_expected_pieces >= 1),
  check (pay_expected_pieces <= 1000000),
  check (settlement in ('same_day', 'weekly', 'monthly', 'on_completion')),
  check (min_age_years >= 0),
  check (min_age_years <= 130),
  check (max_age_years >= 0),
  check (max_age_years <= 130),
  check (priority_tier >= 1),
  check (priority_tier <= 9),
  check (length(crew_id) between 1 and 200),
  check (coalesce(minimum_headcount, 1) <= coalesce(headcount, 1)),
  check (max_age_years >= min_age_years),
  check ((coalesce(attendance, 'fixed') = 'flexible') = (min_minutes is not null)),
  check ((pay_unit = 'piece') = (pay_expected_pieces is not null))
);

-- When shifts are: at least one period each, without overlaps.
create table periods (
  shift_id text not null,  -- The shift.
  start_min integer not null,  -- First minute, since the morning's midnight.
  end_min integer not null,  -- Minute after the last, since the morning's midnight; after ``start_min``.
  break_min integer default 0,  -- Unpaid break within the period, in minutes.
  foreign key (shift_id) references shifts (id),
  check (length(shift_id) between 1 and 200),
  check (start_min >= -20160),
  check (start_min <= 600000),
  check (end_min >= -20160),
  check (end_min <= 600000),
  check (break_min >= 0),
  check (break_min <= 1000000),
  check (end_min > start_min),
  check (coalesce(break_min, 0) < end_min - start_min)
);
create index periods_shift_id on periods (shift_id);

-- Skills that shifts ask for.
create table shift_skills (
  shift_id text not null,  -- The shift.
  skill text not null,  -- Code of the skill.
  least_level integer default 5,  -- The lowest level that will do: 5 means any.
  asked text default 'all_of',  -- ``all_of``: the worker needs every such skill; ``any_of``: at least one of them.
  position integer,  -- Order of a shift's skills; the least is the leading one, ``all_of`` before ``any_of``. Missing: the order of the rows.
  foreign key (shift_id) references shifts (id),
  foreign key (skill) references skills (code),
  check (length(shift_id) between 1 and 200),
  check (length(skill) between 1 and 200),
  check (least_level >= 1),
  check (least_level <= 5),
  check (asked in ('all_of', 'any_of')),
  check (position >= -1000000000),
  check (position <= 1000000000)
);
create index shift_skills_shift_id on shift_skills (shift_id);

-- Licences and certificates of which a worker needs every one.
create table shift_credentials (
  shift_id text not null,  -- The shift.
  kind text not null,  -- What is asked for.
  least_level integer default 5,  -- The lowest level that will do: 5 means any.
  foreign key (shift_id) references shifts (id),
  check (length(shift_id) between 1 and 200),
  check (length(kind) between 1 and 200),
  check (least_level >= 1),
  check (least_level <= 5)
);
create index shift_credentials_shift_id on shift_credentials (shift_id);

-- Hazards of shifts.
create table shift_hazards (
  shift_id text not null,  -- The shift.
  hazard text not null,  -- The hazard.
  foreign key (shift_id) references shifts (id),
  check (length(shift_id) between 1 and 200),
  check (hazard in ('heavy', 'height', 'heat', 'cold', 'electrical', 'chemical', 'confined', 'machinery', 'night'))
);
create index shift_hazards_shift_id on shift_hazards (shift_id);

-- Free attributes of shifts.
create table shift_attributes (
  shift_id text not null,  -- The shift.
  name text not null,  -- Name of the attribute; protected ones are refused.
  value text not null,  -- The value, written as text.
  type text default 'text',  -- What the text stands for: ``true`` is a boolean, ``-12`` an integer, ``0.5`` a number.
  primary key (shift_id, name),
  foreign key (shift_id) references shifts (id),
  check (length(shift_id) between 1 and 200),
  check (length(name) between 1 and 200),
  check (type in ('text', 'boolean', 'integer', 'number'))
);

-- Workers whom employers asked for by name, for one shift or for any of theirs.
create table requests (
  worker_id text not null,  -- The worker; need not be here this morning.
  shift_id text,  -- The shift they are wanted for; give this or ``employer_id``.
  employer_id text,  -- The employer who wants them, whichever of their shifts it is.
  foreign key (shift_id) references shifts (id),
  foreign key (employer_id) references employers (id),
  check (length(worker_id) between 1 and 200),
  check (length(shift_id) between 1 and 200),
  check (length(employer_id) between 1 and 200),
  check ((shift_id is null) <> (employer_id is null))
);
