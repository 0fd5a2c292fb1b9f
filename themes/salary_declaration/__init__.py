"""Salary declarations: what an employer paid to whom in a year, by ELM file, workbook or page."""
