"""Help of the command line in English and in Chinese; it begins with a command's name."""

from __future__ import annotations

__all__ = ["HELP_EN", "HELP_ZH"]

_EXAMPLES: dict[str, tuple[str, ...]] = {
    "solve": (
        "gigmatch solve tables/ --out answer/",
        "gigmatch solve tables/ --out answer/ --on-error collect",
        "gigmatch solve morning.json --out assignment.json",
        "gigmatch solve --sample jingshi --seed 7",
    ),
    "convert": (
        "gigmatch convert morning.json tables/",
        "gigmatch convert tables/ morning.json",
        "gigmatch convert tables/ parquet/ --to parquet",
    ),
    "sample": (
        "gigmatch sample jingshi --seed 7 --out morning.json",
        "gigmatch sample --name jingshi --size 5000 --out tables/",
        "gigmatch sample --name city --size 100000 --out city/ --to parquet",
    ),
    "check": (
        "gigmatch check answer/assignment.json tables/",
        "gigmatch check assignment.json morning.json --policy published.json --reasons reasons.json",
        "gigmatch check monday/ monday.json tuesday/ tuesday.json --programme programme.json",
    ),
    "explain": (
        "gigmatch explain assignment.json morning.json --worker w-000012 --lang zh",
        "gigmatch explain assignment.json morning.json --shift s-00031 --recommend",
        "gigmatch explain assignment.json morning.json --newcomer walk-in.json",
        "gigmatch explain assignment.json morning.json --skills",
        "gigmatch explain assignment.json tables/ --out reasons.json",
    ),
    "advise": (
        "gigmatch advise assignment.json morning.json --shift s-00031",
        "gigmatch advise assignment.json morning.json --train 10 --lang zh",
        "gigmatch advise monday/ monday.json tuesday/ tuesday.json --train 10 --out programme.json",
    ),
    "schema": ("gigmatch schema > morning.schema.json",),
    "warmup": ("gigmatch warmup",),
    "report": ("gigmatch report assignment.json morning.json --out morning.html --lang zh",),
    "board": (
        "gigmatch board assignment.json morning.json --out board.html --reload --lang zh",
        "gigmatch board assignment.json morning.json --text",
    ),
    "slips": (
        "gigmatch slips assignment.json morning.json --paper 80mm --lang zh",
        "gigmatch slips assignment.json morning.json --calls --out calls.html",
    ),
}


def _with_examples(heading: str, texts: dict[str, str]) -> dict[str, str]:
    """Help with the examples of each command below what it says."""
    told = {
        f"{name}.help": f"{texts[f'{name}.help']}\n\n\b\n{heading}\n"
        + "\n".join(f"  {line}" for line in lines)
        for name, lines in _EXAMPLES.items()
    }
    return texts | told


HELP_EN = _with_examples(
    "Examples:",
    {
        # -- help: the whole ------------------------------------------------------------------------------------
        "app.help": "Match gig workers to shifts: the best morning assignment, proved optimal.\n\n"
        "\b\nExamples:\n"
        "  gigmatch solve --sample jingshi\n"
        "  gigmatch solve tables/ --out answer/ --lang zh\n\n"
        "Messages are in English, or in Chinese with --lang zh or GIGMATCH_LANG=zh.",
        "app.epilog": "Exit codes: 0 done; 1 a check failed; 2 the input is wrong; 3 solved, "
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
        "beside them; or, where it ends in .json, that file alone.",
        "solve.sample": "Solve a sample morning instead: {samples}.",
        "solve.time_limit": "Seconds for everything.",
        "solve.out": "Folder, or file that ends in .json, to write the answer to.",
        "convert.help": "Turn a morning from one form into another: JSON, a folder of CSV, a folder of Parquet.\n\n"
        "An OUT that ends in .json is written as JSON; a folder as CSV, or as Parquet where the tables that are "
        "read are CSV, unless --to says otherwise.",
        "convert.out": "JSON file or folder to write.",
        "sample.help": "Write a sample morning, to a file, to a folder of tables or to standard output.",
        "sample.name": "Which sample: {samples}.",
        "sample.out": "A name that ends in .json for JSON, else a folder of CSV, or of Parquet with --to parquet.",
        "check.help": "Verify a saved assignment against its morning, from the files alone, and print its terms.\n\n"
        "Explanations of the whole morning (`gigmatch explain --out`) must give everybody a reason; answers to "
        "single questions need not, and who has none is counted. --complete asks it of any file; --json lists "
        "them all.",
        "check.complete": "Reject explanations that leave anybody out.",
        "check.policy": "The policy that was published, in JSON.",
        "check.reasons": "Explanations to verify too, in JSON.",
        "check.programme": "Training programme to verify too, in JSON, with all its mornings in their order.",
        "explain.help": "Say why: of a worker, a shift, a worker and a shift that is not theirs, or, with neither, "
        "everybody.",
        "explain.worker": "Why this worker has a shift, or none.",
        "explain.shift": "Why this shift has an empty seat.",
        "explain.recommend": "Rank the choices instead.",
        "explain.newcomer": "Rank the shifts for this walk-in: a JSON file with one worker, as in a morning's workers.",
        "explain.skills": "What one more of each skill brings.",
        "explain.audience": "Whose eyes it is for.",
        "explain.out": "JSON file to write the reasons to.",
        "advise.help": "Say what would change the answer, each change confirmed by matching anew; ask one thing.",
        "advise.worker": "What would place this worker.",
        "advise.shift": "What would fill a seat of this shift.",
        "advise.train": "Whom to train, so many people; for several mornings together, give each with its assignment.",
        "advise.out": "JSON file to write it to; `check --programme` verifies one for several mornings.",
        "schema.help": "Print the JSON schema of a morning, every field documented.",
        "warmup.help": "Compile the auction and the reading of large tables ahead, for a container image; once per "
        "installation, some 20 seconds.",
        "report.help": "Write the report of a morning: one HTML file that loads nothing from elsewhere.",
        "report.advice": "Shifts to fill, people to train, at most.",
        "page.out": "HTML file to write.",
        "board.help": "Write the board of open seats for the hall's screen, or print it.",
        "board.text": "Print it to the terminal instead.",
        "board.columns": "Width of the terminal, with --text.",
        "board.seconds": "How long a page stands.",
        "board.reload": "Read the file again after the last page.",
        "slips.help": "Write slips to print, one for everybody who has work; with --calls, a list of names for every "
        "shift.",
        "slips.calls": "Call lists by shift instead.",
        "slips.paper": "Paper to print on.",
    },
)
HELP_ZH = _with_examples(
    "示例：",
    {
        "app.help": "为零工匹配班次：早市的最优安排，并附最优性证明。\n\n"
        "\b\n示例：\n"
        "  gigmatch solve --sample jingshi\n"
        "  gigmatch solve tables/ --out answer/ --lang zh\n\n"
        "提示信息默认为英文；用 --lang zh 或 GIGMATCH_LANG=zh 改为中文。",
        "app.epilog": "退出码：0 完成；1 验证未通过；2 输入有误；3 已求解，但未证明最优；130 被中断。",
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
        "以 .json 结尾时只写这一个文件。",
        "solve.sample": "改为求解一个示例早市：{samples}。",
        "solve.time_limit": "总共可用的秒数。",
        "solve.out": "写出结果的文件夹，或以 .json 结尾的文件。",
        "convert.help": "转换早市的格式：JSON、CSV 文件夹、Parquet 文件夹。\n\n"
        "OUT 以 .json 结尾时写成 JSON；是文件夹时写成 CSV，若读入的是 CSV 则写成 Parquet，也可用 --to 指定。",
        "convert.out": "写出的 JSON 文件或文件夹。",
        "sample.help": "写出一个示例早市：写到文件、表格文件夹或标准输出。",
        "sample.name": "哪个示例：{samples}。",
        "sample.out": "以 .json 结尾时写成 JSON，否则为 CSV 文件夹；用 --to parquet 则为 Parquet 文件夹。",
        "check.help": "仅凭文件验证已保存的安排与其早市相符，并显示其条件。\n\n"
        "整个早市的解释（`gigmatch explain --out`）必须给每个人一个原因；对单个问题的回答则不必，没有原因的只计数。"
        "--complete 对任何文件都这样要求；--json 列出全部。",
        "check.complete": "解释中漏掉任何人即不通过。",
        "check.policy": "已公布的策略（JSON）。",
        "check.reasons": "一并验证的解释（JSON）。",
        "check.programme": "一并验证的培训方案（JSON），按顺序给出其所有早市。",
        "explain.help": "说明原因：某个零工、某个班次、某个零工与其未分到的班次；都不给出时为所有人。",
        "explain.worker": "这个零工为什么有班次，或没有班次。",
        "explain.shift": "这个班次为什么有空缺。",
        "explain.recommend": "改为给各个选择排序。",
        "explain.newcomer": "为这位新来的零工给班次排序：一个 JSON 文件，写法同早市的 workers 中的一人。",
        "explain.skills": "每项技能多一个人能带来什么。",
        "explain.audience": "给谁看。",
        "explain.out": "写出原因的 JSON 文件。",
        "advise.help": "说明怎样改变结果，每项改变都经重新匹配确认；一次只问一项。",
        "advise.worker": "怎样能使这个零工有班次。",
        "advise.shift": "怎样能填补这个班次的一个空缺。",
        "advise.train": "培训哪些人，最多多少人；可同时针对多个早市，每个连同其安排一并给出。",
        "advise.out": "写出的 JSON 文件；针对多个早市的方案可用 `check --programme` 验证。",
        "schema.help": "输出早市的 JSON schema，每个字段都有说明。",
        "warmup.help": "预先编译拍卖算法和大表的读取，用于容器镜像；每次安装一次，约 20 秒。",
        "report.help": "写出一个早市的报告：一个不从别处加载任何内容的 HTML 文件。",
        "report.advice": "最多建议填补多少班次、培训多少人。",
        "page.out": "写出的 HTML 文件。",
        "board.help": "写出大厅屏幕上的空缺信息板，或直接显示。",
        "board.text": "改为显示在终端上。",
        "board.columns": "与 --text 同用：终端的宽度。",
        "board.seconds": "每页停留的秒数。",
        "board.reload": "最后一页之后重新读取文件。",
        "slips.help": "写出供打印的上工单，每个有班次的人一张；用 --calls 则为每个班次的点名单。",
        "slips.calls": "改为按班次的点名单。",
        "slips.paper": "打印用的纸张。",
    },
)
