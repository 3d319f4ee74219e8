"""Every text that the command line itself prints, in English and in Chinese; help begins with a command's name.

What the library says is not here: its errors are in English, explanations come from ``gigmatch.in_words``.
"""

from __future__ import annotations

__all__ = ["SAMPLES", "WORDS"]

SAMPLES = ("jingshi", "majuqiao", "mentougou", "city")
"""Names of the sample mornings, as far as ``gigmatch.scenarios`` has them."""

_EN: dict[str, str] = {
    # -- help: the whole ------------------------------------------------------------------------------------
    "app.help": "Match gig workers to shifts: the best morning assignment, proved optimal.\n\n"
    "\b\nExamples:\n"
    "  gigmatch solve --sample jingshi\n"
    "  gigmatch solve tables/ --out answer/ --lang zh\n\n"
    "Messages are in English, or in Chinese with --lang zh or GIGMATCH_LANG=zh.",
    "app.epilog": "Exit codes: 0 done; 1 a check failed, or a benchmark got worse; 2 the input is wrong; 3 solved, "
    "but not proved optimal; 130 interrupted.",
    "opt.version": "Print the version.",
    "opt.lang": "Language of messages, en or zh; GIGMATCH_LANG unless given.",
    "opt.help": "Show this help.",
    "opt.json": "Print JSON instead of text.",
    "opt.seed": "Seed of the sample.",
    "opt.size": "Workers of the sample; its own size unless given.",
    "opt.policy": "Policy in JSON, from Policy.save.",
    "opt.on_error": "raise: refuse tables with a bad row; collect: leave bad rows out, with what hangs on "
    "them, and list them.",
    "opt.to": "Form to write: json, csv or parquet.",
    "arg.source": "Morning: a JSON file (see `gigmatch schema`), or a folder of CSV or Parquet files, one a table.",
    "arg.assignment": "Saved assignment: assignment.json, or the folder that `solve --out` wrote it to.",
    "arg.morning": "The morning it was made from: JSON file or folder of tables.",
    "arg.others": "Further mornings, each after its assignment.",
    # -- help: commands -------------------------------------------------------------------------------------
    "solve.help": "Solve a morning, print the summary and write the answer.\n\n"
    "--out names a folder for tables, with assignment.json, which `check` and `explain` read, and left_out "
    "beside them; or, where it ends in .json, that file alone.\n\n"
    "\b\nExamples:\n"
    "  gigmatch solve tables/ --out answer/\n"
    "  gigmatch solve tables/ --out answer/ --on-error collect\n"
    "  gigmatch solve morning.json --out assignment.json\n"
    "  gigmatch solve --sample jingshi --seed 7",
    "solve.sample": "Solve a sample morning instead: {samples}.",
    "solve.time_limit": "Seconds for everything.",
    "solve.out": "Folder, or file that ends in .json, to write the answer to.",
    "convert.help": "Turn a morning from one form into another: JSON, a folder of CSV, a folder of Parquet.\n\n"
    "An OUT that ends in .json is written as JSON; a folder as CSV, or as Parquet where the tables that are "
    "read are CSV, unless --to says otherwise.\n\n"
    "\b\nExamples:\n"
    "  gigmatch convert morning.json tables/\n"
    "  gigmatch convert tables/ morning.json\n"
    "  gigmatch convert tables/ parquet/ --to parquet",
    "convert.out": "JSON file or folder to write.",
    "sample.help": "Write a sample morning, to a file, to a folder of tables or to standard output.\n\n"
    "\b\nExamples:\n"
    "  gigmatch sample jingshi --seed 7 --out morning.json\n"
    "  gigmatch sample --name jingshi --size 5000 --out tables/\n"
    "  gigmatch sample --name city --size 100000 --out city/ --to parquet",
    "sample.name": "Which sample: {samples}.",
    "sample.out": "A name that ends in .json for JSON, else a folder of CSV, or of Parquet with --to parquet.",
    "check.help": "Verify a saved assignment against its morning, from the files alone, and print its terms.\n\n"
    "Explanations of the whole morning (`gigmatch explain --out`) must give everybody a reason; answers to "
    "single questions need not, and who has none is counted. --complete asks it of any file; --json lists "
    "them all.\n\n"
    "\b\nExamples:\n"
    "  gigmatch check answer/assignment.json tables/\n"
    "  gigmatch check assignment.json morning.json --policy published.json --reasons reasons.json\n"
    "  gigmatch check monday/ monday.json tuesday/ tuesday.json --programme programme.json",
    "check.complete": "Reject explanations that leave anybody out.",
    "check.policy": "The policy that was published, in JSON.",
    "check.reasons": "Explanations to verify too, in JSON.",
    "check.programme": "Training programme to verify too, in JSON, with all its mornings in their order.",
    "explain.help": "Say why: of a worker, a shift, a worker and a shift that is not theirs, or, with neither, "
    "everybody.\n\n"
    "\b\nExamples:\n"
    "  gigmatch explain assignment.json morning.json --worker w-000012 --lang zh\n"
    "  gigmatch explain assignment.json morning.json --shift s-00031 --recommend\n"
    "  gigmatch explain assignment.json morning.json --newcomer walk-in.json\n"
    "  gigmatch explain assignment.json morning.json --skills\n"
    "  gigmatch explain assignment.json tables/ --out reasons.json",
    "explain.worker": "Why this worker has a shift, or none.",
    "explain.shift": "Why this shift has an empty seat.",
    "explain.recommend": "Rank the choices instead.",
    "explain.newcomer": "Rank the shifts for this walk-in: a JSON file with one worker, as in a morning's workers.",
    "explain.skills": "What one more of each skill brings.",
    "explain.audience": "Whose eyes it is for.",
    "explain.out": "JSON file to write the reasons to.",
    "advise.help": "Say what would change the answer, each change confirmed by matching anew; ask one thing.\n\n"
    "\b\nExamples:\n"
    "  gigmatch advise assignment.json morning.json --shift s-00031\n"
    "  gigmatch advise assignment.json morning.json --train 10 --lang zh\n"
    "  gigmatch advise monday/ monday.json tuesday/ tuesday.json --train 10 --out programme.json",
    "advise.worker": "What would place this worker.",
    "advise.shift": "What would fill a seat of this shift.",
    "advise.train": "Whom to train, so many people; for several mornings together, give each with its assignment.",
    "advise.out": "JSON file to write it to; `check --programme` verifies one for several mornings.",
    "schema.help": "Print the JSON schema of a morning, every field documented.\n\n"
    "\b\nExamples:\n"
    "  gigmatch schema > morning.schema.json",
    "warmup.help": "Compile the auction and the reading of large tables ahead, for a container image; once per "
    "installation, some 20 seconds.\n\n"
    "\b\nExamples:\n"
    "  gigmatch warmup",
    "bench.help": "Measure the solver's core beside its peers, and compare with an earlier run.\n\n"
    "Compared are ratios to a peer in the same run and counts of work, never seconds: those are the "
    "machine's. Needs a checkout of the repository and the extra bench.\n\n"
    "\b\nExamples:\n"
    "  gigmatch bench --tier commit --out results.json\n"
    "  gigmatch bench --tier commit --against baseline.json --fail-over 1.15",
    "bench.tier": "commit (under 3 minutes), nightly or full.",
    "bench.out": "JSON file for the results; a table (.md) and a plot (.svg) are written beside it.",
    "bench.against": "Results of an earlier run to compare with.",
    "bench.fail_over": "Worse by more than this factor fails.",
    "bench.folder": "Folder benchmarks of the checkout; found from the current folder unless given.",
    "report.help": "Write the report of a morning: one HTML file that loads nothing from elsewhere.\n\n"
    "\b\nExamples:\n"
    "  gigmatch report assignment.json morning.json --out morning.html --lang zh",
    "report.advice": "Shifts to fill, people to train, at most.",
    "page.out": "HTML file to write.",
    "board.help": "Write the board of open seats for the hall's screen, or print it.\n\n"
    "\b\nExamples:\n"
    "  gigmatch board assignment.json morning.json --out board.html --reload --lang zh\n"
    "  gigmatch board assignment.json morning.json --text",
    "board.text": "Print it to the terminal instead.",
    "board.columns": "Width of the terminal, with --text.",
    "board.seconds": "How long a page stands.",
    "board.reload": "Read the file again after the last page.",
    "slips.help": "Write slips to print, one for everybody who has work; with --calls, a list of names for every "
    "shift.\n\n"
    "\b\nExamples:\n"
    "  gigmatch slips assignment.json morning.json --paper 80mm --lang zh\n"
    "  gigmatch slips assignment.json morning.json --calls --out calls.html",
    "slips.calls": "Call lists by shift instead.",
    "slips.paper": "Paper to print on.",
    # -- messages -------------------------------------------------------------------------------------------
    "error": "error: {error}",
    "not_written": "{file}: cannot be read or written ({why}); name a place that is there, has room and is open to you",
    "the_output": "the output",
    "rejected": "rejected: {error}",
    "interrupted": "interrupted",
    "compiled": "compiled",
    "one_source": "give a morning's file or --sample, one of the two",
    "no_folder": "{out}: there is no folder {folder} to write to",
    "same_folder": "{out}: is the folder that the tables are read from; give another one for the answer",
    "not_a_folder": "{out}: is a file; give a folder for tables, or a name that ends in .json",
    "not_a_file": "{out}: is a folder; give a file for JSON, or --to csv or --to parquet",
    "no_such_source": "{source}: cannot be read (there is no such file or folder); give a morning in JSON, or a folder of tables",
    "one_table": "{source}: is one table; give the folder that it is in",
    "a_workbook": "{source}: is a workbook; save every sheet as CSV in a folder, a file per table, and give the folder",
    "nobody": "note: the morning has no {what}; is the file {file} in the folder?",
    "workers": "workers",
    "shifts": "shifts",
    "only_tables": "--on-error collect is for folders of tables; a JSON file is read as a whole",
    "unknown_sample": "{name!r} is not one of {samples}",
    "one_name": "name the sample once, as in: gigmatch sample jingshi",
    "tables_need_out": "--to {to} writes a folder of tables: give it with --out",
    "others_need": "further assignments and mornings are for {option}",
    "others_in_pairs": "give each assignment with its morning, in pairs; {last} is left over",
    "no_answer": "{folder}: has no assignment.json; give the folder that `gigmatch solve --out` wrote, or the file",
    "not_a_programme": "{file}: is no training programme for several mornings ({error}); write one with: "
    "gigmatch advise ... --train 10 --out programme.json",
    "verified_programme": "verified: a training programme for {n} morning|verified: a training programme for {n} mornings",
    "one_alone": "give --newcomer or --skills alone, without --worker and --shift",
    "not_json": "{file}: is not JSON ({error})",
    "one_question": "give one of --worker, --shift and --train; got {got}",
    "none": "none",
    "recommend_needs": "--recommend needs --worker or --shift, one of the two",
    "left_out": "left out: {n} row ({tables})|left out: {n} rows ({tables})",
    "left_out_row": "  {place}: {why}",
    "left_out_more": "  ... and {n} more; `gigmatch solve --out` writes all of them to left_out",
    "written": "written: {out}",
    "verified": "verified: {placements}, {claim}, {certificates}",
    "verified_reasons": "verified: {n} reason|verified: {n} reasons",
    "without_reason": "without a reason: {missing}",
    "nobody_missing": "nobody",
    "missing.unplaced": "{n} worker without a shift ({ids})|{n} workers without a shift ({ids})",
    "missing.placed": "{n} worker with a shift ({ids})|{n} workers with a shift ({ids})",
    "missing.open_shifts": "{n} shift with an empty seat ({ids})|{n} shifts with an empty seat ({ids})",
    "missing.more": "{n} more",
    "missing.gap": ", ",
    "terms": "terms: {objective} first, seed {seed}, {kept} kept, {barred} barred",
    "rules_left_out": "rules left out: {rules}",
    "rules_softened": "rules softened: {rules}",
    "rules_added": "rules added: {rules}",
    "levels_added": "levels added: {levels}",
    "complete_needs": "--complete needs --reasons: without explanations, none can be missing",
    "proved": "proved optimal",
    "feasible": "feasible, not proved optimal",
    "no_benchmarks": "there is no folder benchmarks here or above; run it in a checkout of the repository, or give "
    "--folder",
    # -- the summary ----------------------------------------------------------------------------------------
    "summary.size": "{workers}, {seats} in {shifts}",
    "summary.ours": "gigmatch",
    "summary.first_come": "first come",
    "summary.placements": "placements",
    "summary.filled": "seats filled",
    "summary.points": "mean points",
    "summary.wages": "wages offered",
    "summary.travel": "median travel",
    "summary.minutes": "{n} min",
    "summary.under_a_minute": "under 1 min",
    "summary.open": "open shifts",
    "summary.optimal": "proved optimal ({levels}; {solver}){took}",
    "summary.stopped": "not proved optimal: stopped by {stopped}, {missing} ({solver}){took}",
    "summary.undrawn": "seats and points are best, the lottery is not drawn to the end",
    "summary.below": "at most {points} point below the best|at most {points} points below the best",
    "summary.took": " in {seconds} s",
    "summary.list": ", ",
    "summary.warning": "warning: {n} placed against {rule}: {sentence}",
    # -- so many of something: one, or any other number ------------------------------------------------------
    "some.workers": "{n} worker|{n} workers",
    "some.seats": "{n} seat|{n} seats",
    "some.shifts": "{n} shift|{n} shifts",
    "some.placements": "{n} placement|{n} placements",
    "some.certificates": "{n} certificate|{n} certificates",
    # -- words of the library that stand in a summary or beside a bar ---------------------------------------
    "stopped.time limit": "time limit",
    "stopped.cancelled": "cancelled",
    "stopped.heuristic": "heuristic",
    "stage.reading": "reading",
    "stage.writing": "writing",
    "stage.drawing": "drawing",
    "stage.explaining": "explaining",
    "stage.checking": "checking",
    "stage.candidates": "candidates",
    "stage.scoring": "scoring",
    "stage.points": "points",
    "stage.lottery": "lottery",
    "stage.verify": "verify",
    "stage.prices": "prices",
    "stage.pricing": "pricing",
    "stage.training": "training",
    "stage.done": "done",
}
_ZH: dict[str, str] = {
    "app.help": "为零工匹配班次：早市的最优安排，并附最优性证明。\n\n"
    "\b\n示例：\n"
    "  gigmatch solve --sample jingshi\n"
    "  gigmatch solve tables/ --out answer/ --lang zh\n\n"
    "提示信息默认为英文；用 --lang zh 或 GIGMATCH_LANG=zh 改为中文。",
    "app.epilog": "退出码：0 完成；1 验证未通过，或基准测试变差；2 输入有误；3 已求解，但未证明最优；130 被中断。",
    "opt.version": "显示版本。",
    "opt.lang": "提示信息的语言：en 或 zh；不给出时取 GIGMATCH_LANG。",
    "opt.help": "显示本帮助。",
    "opt.json": "输出 JSON，而不是文字。",
    "opt.seed": "示例的种子。",
    "opt.size": "示例中零工的人数；不给出时用示例自身的规模。",
    "opt.policy": "JSON 格式的策略，由 Policy.save 写出。",
    "opt.on_error": "raise：表中有错误的行就拒绝；collect：略去错误的行及与之相连的行，并逐条列出。",
    "opt.to": "写出的格式：json、csv 或 parquet。",
    "arg.source": "早市：一个 JSON 文件（见 `gigmatch schema`），或一个文件夹，其中每张表一个 CSV 或 Parquet 文件。",
    "arg.assignment": "已保存的安排：assignment.json，或 `solve --out` 写出它的文件夹。",
    "arg.morning": "该安排所依据的早市：JSON 文件或表格文件夹。",
    "arg.others": "更多的早市，每个早市前面给出其安排。",
    "solve.help": "求解一个早市，显示摘要并写出结果。\n\n"
    "--out 给出写表格的文件夹，其中还有 assignment.json（供 `check` 和 `explain` 读取）和 left_out；"
    "以 .json 结尾时只写这一个文件。\n\n"
    "\b\n示例：\n"
    "  gigmatch solve tables/ --out answer/\n"
    "  gigmatch solve tables/ --out answer/ --on-error collect\n"
    "  gigmatch solve morning.json --out assignment.json\n"
    "  gigmatch solve --sample jingshi --seed 7",
    "solve.sample": "改为求解一个示例早市：{samples}。",
    "solve.time_limit": "总共可用的秒数。",
    "solve.out": "写出结果的文件夹，或以 .json 结尾的文件。",
    "convert.help": "转换早市的格式：JSON、CSV 文件夹、Parquet 文件夹。\n\n"
    "OUT 以 .json 结尾时写成 JSON；是文件夹时写成 CSV，若读入的是 CSV 则写成 Parquet，也可用 --to 指定。\n\n"
    "\b\n示例：\n"
    "  gigmatch convert morning.json tables/\n"
    "  gigmatch convert tables/ morning.json\n"
    "  gigmatch convert tables/ parquet/ --to parquet",
    "convert.out": "写出的 JSON 文件或文件夹。",
    "sample.help": "写出一个示例早市：写到文件、表格文件夹或标准输出。\n\n"
    "\b\n示例：\n"
    "  gigmatch sample jingshi --seed 7 --out morning.json\n"
    "  gigmatch sample --name jingshi --size 5000 --out tables/\n"
    "  gigmatch sample --name city --size 100000 --out city/ --to parquet",
    "sample.name": "哪个示例：{samples}。",
    "sample.out": "以 .json 结尾时写成 JSON，否则为 CSV 文件夹；用 --to parquet 则为 Parquet 文件夹。",
    "check.help": "仅凭文件验证已保存的安排与其早市相符，并显示其条件。\n\n"
    "整个早市的解释（`gigmatch explain --out`）必须给每个人一个原因；对单个问题的回答则不必，没有原因的只计数。"
    "--complete 对任何文件都这样要求；--json 列出全部。\n\n"
    "\b\n示例：\n"
    "  gigmatch check answer/assignment.json tables/\n"
    "  gigmatch check assignment.json morning.json --policy published.json --reasons reasons.json\n"
    "  gigmatch check monday/ monday.json tuesday/ tuesday.json --programme programme.json",
    "check.complete": "解释中漏掉任何人即不通过。",
    "check.policy": "已公布的策略（JSON）。",
    "check.reasons": "一并验证的解释（JSON）。",
    "check.programme": "一并验证的培训方案（JSON），按顺序给出其所有早市。",
    "explain.help": "说明原因：某个零工、某个班次、某个零工与其未分到的班次；都不给出时为所有人。\n\n"
    "\b\n示例：\n"
    "  gigmatch explain assignment.json morning.json --worker w-000012 --lang zh\n"
    "  gigmatch explain assignment.json morning.json --shift s-00031 --recommend\n"
    "  gigmatch explain assignment.json morning.json --newcomer walk-in.json\n"
    "  gigmatch explain assignment.json morning.json --skills\n"
    "  gigmatch explain assignment.json tables/ --out reasons.json",
    "explain.worker": "这个零工为什么有班次，或没有班次。",
    "explain.shift": "这个班次为什么有空缺。",
    "explain.recommend": "改为给各个选择排序。",
    "explain.newcomer": "为这位新来的零工给班次排序：一个 JSON 文件，写法同早市的 workers 中的一人。",
    "explain.skills": "每项技能多一个人能带来什么。",
    "explain.audience": "给谁看。",
    "explain.out": "写出原因的 JSON 文件。",
    "advise.help": "说明怎样改变结果，每项改变都经重新匹配确认；一次只问一项。\n\n"
    "\b\n示例：\n"
    "  gigmatch advise assignment.json morning.json --shift s-00031\n"
    "  gigmatch advise assignment.json morning.json --train 10 --lang zh\n"
    "  gigmatch advise monday/ monday.json tuesday/ tuesday.json --train 10 --out programme.json",
    "advise.worker": "怎样能使这个零工有班次。",
    "advise.shift": "怎样能填补这个班次的一个空缺。",
    "advise.train": "培训哪些人，最多多少人；可同时针对多个早市，每个连同其安排一并给出。",
    "advise.out": "写出的 JSON 文件；针对多个早市的方案可用 `check --programme` 验证。",
    "schema.help": "输出早市的 JSON schema，每个字段都有说明。\n\n"
    "\b\n示例：\n"
    "  gigmatch schema > morning.schema.json",
    "warmup.help": "预先编译拍卖算法和大表的读取，用于容器镜像；每次安装一次，约 20 秒。\n\n"
    "\b\n示例：\n"
    "  gigmatch warmup",
    "bench.help": "测量求解核心，与其他求解器并列，并与以前的结果比较。\n\n"
    "比较的是同一次运行中与其他求解器的比值和工作量计数，从不比较秒数：秒数取决于机器。"
    "需要本项目的源代码目录和附加组件 bench。\n\n"
    "\b\n示例：\n"
    "  gigmatch bench --tier commit --out results.json\n"
    "  gigmatch bench --tier commit --against baseline.json --fail-over 1.15",
    "bench.tier": "commit（三分钟以内）、nightly 或 full。",
    "bench.out": "写出结果的 JSON 文件；旁边还会写出表格（.md）和图（.svg）。",
    "bench.against": "用来比较的以前的结果。",
    "bench.fail_over": "变差超过这个倍数即为失败。",
    "bench.folder": "源代码目录中的 benchmarks 文件夹；不给出时从当前文件夹开始查找。",
    "report.help": "写出一个早市的报告：一个不从别处加载任何内容的 HTML 文件。\n\n"
    "\b\n示例：\n"
    "  gigmatch report assignment.json morning.json --out morning.html --lang zh",
    "report.advice": "最多建议填补多少班次、培训多少人。",
    "page.out": "写出的 HTML 文件。",
    "board.help": "写出大厅屏幕上的空缺信息板，或直接显示。\n\n"
    "\b\n示例：\n"
    "  gigmatch board assignment.json morning.json --out board.html --reload --lang zh\n"
    "  gigmatch board assignment.json morning.json --text",
    "board.text": "改为显示在终端上。",
    "board.columns": "与 --text 同用：终端的宽度。",
    "board.seconds": "每页停留的秒数。",
    "board.reload": "最后一页之后重新读取文件。",
    "slips.help": "写出供打印的上工单，每个有班次的人一张；用 --calls 则为每个班次的点名单。\n\n"
    "\b\n示例：\n"
    "  gigmatch slips assignment.json morning.json --paper 80mm --lang zh\n"
    "  gigmatch slips assignment.json morning.json --calls --out calls.html",
    "slips.calls": "改为按班次的点名单。",
    "slips.paper": "打印用的纸张。",
    "error": "错误：{error}",
    "not_written": "{file}：不能读写（{why}）；请给出一个存在、有空间且有权限的位置",
    "the_output": "输出",
    "rejected": "未通过验证：{error}",
    "interrupted": "已中断",
    "compiled": "已编译",
    "one_source": "请给出早市的文件或 --sample，二者之一",
    "no_folder": "{out}：没有可写入的文件夹 {folder}",
    "same_folder": "{out}：是读取表格的文件夹；请为结果另给一个文件夹",
    "not_a_folder": "{out}：是一个文件；写表格请给出文件夹，或给出以 .json 结尾的名称",
    "not_a_file": "{out}：是一个文件夹；写 JSON 请给出文件，或用 --to csv 或 --to parquet",
    "no_such_source": "{source}：不能读取（没有这个文件或文件夹）；请给出 JSON 格式的早市，或表格文件夹",
    "one_table": "{source}：只是一张表；请给出它所在的文件夹",
    "a_workbook": "{source}：是一个工作簿；请把每个工作表另存为 CSV，每张表一个文件，放在一个文件夹中，并给出该文件夹",
    "nobody": "注意：早市中没有{what}；文件夹中有 {file} 吗？",
    "workers": "零工",
    "shifts": "班次",
    "only_tables": "--on-error collect 只用于表格文件夹；JSON 文件是作为整体读取的",
    "unknown_sample": "没有示例 {name!r}；可用的有：{samples}",
    "one_name": "请只给出一次示例的名称，例如：gigmatch sample jingshi",
    "tables_need_out": "--to {to} 写出的是表格文件夹：请用 --out 给出",
    "others_need": "更多的安排和早市只用于 {option}",
    "others_in_pairs": "请成对给出：每份安排及其早市；{last} 没有配对",
    "no_answer": "{folder}：其中没有 assignment.json；请给出 `gigmatch solve --out` 写出的文件夹，或该文件",
    "not_a_programme": "{file}：不是针对多个早市的培训方案（{error}）；可这样写出："
    "gigmatch advise ... --train 10 --out programme.json",
    "verified_programme": "验证通过：针对 {n} 个早市的培训方案",
    "one_alone": "--newcomer 或 --skills 须单独使用，不能与 --worker 和 --shift 同用",
    "not_json": "{file}：不是 JSON（{error}）",
    "one_question": "请给出 --worker、--shift、--train 之一；现在给出的是：{got}",
    "none": "无",
    "recommend_needs": "--recommend 需要 --worker 或 --shift，二者之一",
    "left_out": "略去 {n} 行（{tables}）",
    "left_out_row": "  {place}：{why}",
    "left_out_more": "  ……另有 {n} 行；用 `gigmatch solve --out` 可全部写入 left_out",
    "written": "已写出：{out}",
    "verified": "验证通过：{placements}已安排，{claim}，{certificates}",
    "verified_reasons": "验证通过：{n} 条原因",
    "without_reason": "没有原因的：{missing}",
    "nobody_missing": "无",
    "missing.unplaced": "{n} 名没有班次的零工（{ids}）",
    "missing.placed": "{n} 名有班次的零工（{ids}）",
    "missing.open_shifts": "{n} 个有空缺的班次（{ids}）",
    "missing.more": "另有 {n} 个",
    "missing.gap": "，",
    "terms": "条件：{objective}优先，种子 {seed}，约定 {kept} 对，禁止 {barred} 对",
    "rules_left_out": "未采用的规则：{rules}",
    "rules_softened": "改为只作警示的规则：{rules}",
    "rules_added": "另加的规则：{rules}",
    "levels_added": "另加的目标：{levels}",
    "complete_needs": "--complete 需要 --reasons：没有解释，也就谈不上漏掉谁",
    "proved": "已证明最优",
    "feasible": "可行，未证明最优",
    "no_benchmarks": "此处及上级没有 benchmarks 文件夹；请在本项目的源代码目录中运行，或给出 --folder",
    "summary.size": "{workers}，{shifts}共 {seats}",
    "summary.ours": "gigmatch",
    "summary.first_come": "先到先得",
    "summary.placements": "已安排人数",
    "summary.filled": "名额填充率",
    "summary.points": "平均得分",
    "summary.wages": "承诺工资",
    "summary.travel": "路程中位数",
    "summary.minutes": "{n} 分钟",
    "summary.under_a_minute": "不到 1 分钟",
    "summary.open": "有空缺的班次",
    "summary.optimal": "已证明最优（{levels}；{solver}）{took}",
    "summary.stopped": "未证明最优：因{stopped}而停止，{missing}（{solver}）{took}",
    "summary.undrawn": "名额和得分都是最优的，只是抽签没有完成",
    "summary.below": "最多比最优低 {points} 分",
    "summary.took": "，用时 {seconds} 秒",
    "summary.list": "、",
    "summary.warning": "提醒：{n} 人的安排涉及“{rule}”",
    "some.workers": "{n} 名零工",
    "some.seats": "{n} 个名额",
    "some.shifts": "{n} 个班次",
    "some.placements": "{n} 人",
    "some.certificates": "{n} 份证明",
    "stopped.time limit": "时间用完",
    "stopped.cancelled": "被取消",
    "stopped.heuristic": "只用了启发式算法",
    "stage.reading": "读取",
    "stage.writing": "写出",
    "stage.drawing": "生成",
    "stage.explaining": "解释",
    "stage.checking": "验证",
    "stage.candidates": "候选",
    "stage.scoring": "评分",
    "stage.points": "得分",
    "stage.lottery": "抽签",
    "stage.verify": "验证",
    "stage.prices": "价格",
    "stage.pricing": "定价",
    "stage.training": "培训",
    "stage.done": "完成",
}
WORDS: dict[str, dict[str, str]] = {"en": _EN, "zh": _ZH}
