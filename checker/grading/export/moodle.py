"""Moodle's grading worksheet, filled in.

The worksheet that was downloaded is kept as it is, in its language, delimiter and encoding; the
grade is written into the column that Moodle names by the site's language, or that is chosen.
Untrusted results add a column UNTRUSTED, which Moodle leaves aside and people see.
"""

from checker.errors import UsageError
from checker.grading.export.job import UNTRUSTED, Files, Job
from checker.grading.export.sheet import Sheet, fill, folded, number_in, read_sheet
from checker.harmless import line

GRADE = {
    "ar": ("الدرجة", "التقدير", "العلامة"),
    "bg": ("Оценка",),
    "ca": ("Qualificació",),
    "cs": ("Známka", "Hodnocení"),
    "da": ("Karakter",),
    "de": ("Bewertung", "Note"),
    "el": ("Βαθμός", "Βαθμολογία"),
    "en": ("Grade", "Mark"),
    "es": ("Calificación",),
    "eu": ("Kalifikazioa",),
    "fa": ("نمره",),
    "fi": ("Arvosana", "Arviointi"),
    "fr": ("Note",),
    "gl": ("Cualificación",),
    "he": ("ציון",),
    "hr": ("Ocjena",),
    "hu": ("Osztályzat", "Értékelés"),
    "id": ("Nilai",),
    "it": ("Valutazione", "Voto"),
    "ja": ("評点",),
    "ko": ("성적", "점수"),
    "lt": ("Įvertinimas", "Įvertis"),
    "lv": ("Vērtējums",),
    "nl": ("Cijfer", "Beoordeling"),
    "no": ("Karakter",),
    "pl": ("Ocena",),
    "pt": ("Nota", "Avaliação"),
    "ro": ("Notă",),
    "ru": ("Оценка",),
    "sk": ("Známka", "Hodnotenie"),
    "sl": ("Ocena",),
    "sr": ("Оцена", "Ocena"),
    "sv": ("Betyg",),
    "th": ("คะแนนที่ได้", "คะแนน"),
    "tr": ("Not",),
    "uk": ("Оцінка",),
    "vi": ("Điểm",),
    "zh": ("成绩", "成績", "分數"),
}  # fmt: skip
"""What Moodle calls the column of grades, by the language of the site."""

WORDS = frozenset(folded(word) for words in GRADE.values() for word in words)


def make(job: Job) -> Files:
    """Give the file."""
    assert job.template is not None, "`export` has asked for it"
    sheet = read_sheet(job.template)
    column = sheet.named(job.column) if job.column else _grade_column(sheet)
    _compare_maximum(job, sheet, column)
    lines = [(cells, number_in(cells[0])) for cells in sheet.body]
    fill(job, sheet, column, column, lines)
    if not job.book.trusted:
        place = sheet.add_column(UNTRUSTED)
        for cells, _ in lines:
            sheet.put(cells, place, job.warning)
    yield "moodle.csv", sheet.content()


def _grade_column(sheet: Sheet) -> int:
    found = [place for place, name in enumerate(sheet.headers) if folded(name) in WORDS]
    if len(found) != 1:
        raise UsageError(
            f"{sheet.path}: which column takes the grade is not clear.",
            "Name it with --grade-column. The columns: "
            f"{', '.join(line(one) for one in sheet.headers)}.",
        )
    return found[0]


def _compare_maximum(job: Job, sheet: Sheet, column: int) -> None:
    """Compare the points that Moodle offers, which stand beside the grade, with ours."""
    beside = {cells[column + 1].strip() for cells in sheet.body if len(cells) > column + 1}
    ours = job.policy.grade_out_of(job.book)
    if len(beside) != 1:
        return
    said = beside.pop()
    try:
        offered = float(said.replace(",", "."))
    except ValueError:
        return
    if offered != float(ours):
        job.say(
            f"Moodle offers {said} points and the grades are out of {ours:f}: "
            f"a policy with `[scale] to = {offered:g}` makes them agree."
        )
