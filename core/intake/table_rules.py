"""What can be said about the form of a table: columns, merged cells, rows that are not rows."""

from __future__ import annotations

from core.declare.faults import register_faults
from core.kernel.issues import Rule, Severity
from core.kernel.text import N_

COLUMN_UNKNOWN = Rule(
    code="column_unknown",
    severity=Severity.INFORM,
    title=N_("Column not read"),
    why=N_("The column “%(heading)s” is not known and was not read."),
    fix=N_("Nothing, if it is not needed. Otherwise give it a heading of the template."),
)
COLUMN_RENAMED = Rule(
    code="column_renamed",
    severity=Severity.INFORM,
    title=N_("Column perhaps renamed"),
    why=N_("The column “%(heading)s” is not known and was not read; “%(label)s” is missing."),
    fix=N_("If they are the same, rename the column to “%(label)s” and upload the file again."),
)
COLUMN_TWICE = Rule(
    code="column_twice",
    severity=Severity.BLOCK,
    title=N_("Column twice"),
    why=N_("“%(label)s” stands in two columns; the second one, “%(heading)s”, was not read."),
    fix=N_("Remove one of the two columns or give it its right heading, and upload the file again."),
)
CELLS_MERGED = Rule(
    code="cells_merged",
    severity=Severity.INFORM,
    title=N_("Merged cells"),
    why=N_("The cells %(range)s are merged; only the first of them holds a value, the others count as empty."),
    fix=N_("Undo the merging and fill in each cell."),
)
CELL_ERROR_VALUE = Rule(
    code="cell_error_value",
    severity=Severity.BLOCK,
    title=N_("Error value"),
    why=N_("The cell %(cell)s holds the error %(text)s instead of a value."),
    fix=N_("Correct the formula, or type in the value."),
)
FORMULA_WITHOUT_VALUE = Rule(
    code="formula_without_value",
    severity=Severity.BLOCK,
    title=N_("Formula without result"),
    why=N_("The cell %(cell)s holds a formula whose result is not stored in the file."),
    fix=N_("Open the file in Excel, save it and upload it again, or type in the value."),
)
TOTALS_ROW = Rule(
    code="totals_row",
    severity=Severity.INFORM,
    title=N_("Totals row"),
    why=N_("Row %(number)s states totals; it is compared with the sum of the rows and is not a row itself."),
    fix=N_("Nothing."),
)
NOTE_ROW = Rule(
    code="note_row",
    severity=Severity.INFORM,
    title=N_("Row not read"),
    why=N_("Row %(number)s below the table holds only “%(words)s” and was taken for a remark."),
    fix=N_("Nothing, if that is right. Otherwise fill in the other columns of the row."),
)
NO_ROWS = Rule(
    code="no_rows",
    severity=Severity.INFORM,
    title=N_("No rows"),
    why=N_("The file names its columns but holds no row below them."),
    fix=N_("Upload the file with its rows, or declare that there is nothing to declare."),
)

TABLE_RULES = {
    rule.code: rule
    for rule in (
        COLUMN_UNKNOWN, COLUMN_RENAMED, COLUMN_TWICE, CELLS_MERGED, CELL_ERROR_VALUE, FORMULA_WITHOUT_VALUE,
        TOTALS_ROW, NOTE_ROW, NO_ROWS,
    )
}  # fmt: skip
CELL_FAULTS = {rule.code: rule for rule in (CELL_ERROR_VALUE, FORMULA_WITHOUT_VALUE)}
# Their words are found where those of faulty entries are.
register_faults(TABLE_RULES.values())
