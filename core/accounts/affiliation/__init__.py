"""The end of a party's use of the portal: affiliation, renunciation, exclusion, suspension, death."""
