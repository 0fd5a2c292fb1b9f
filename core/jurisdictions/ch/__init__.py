"""Switzerland: OASI numbers, cantons, rates and ceilings."""
