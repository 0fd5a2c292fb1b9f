"""Her own workbook back, with comments in the wrong cells: patches the package, leaves the rest."""
