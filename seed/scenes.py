"""Cases whose lives are written down, step by step: so that everybody's inbox shows each kind of thing.

Where, how many days ago it was registered, and its steps with the days since the one before.
"""

_BEGUN = "triage accept start+1 hold_session+2"

SCENES = (
    # The village: to accept, to assign, soon due, late, asked after by the superior.
    ("village", 1, ""),
    ("village", 2, "triage"),
    ("village", 4, "triage accept+1"),
    ("village", 28, f"{_BEGUN} hold_session+4"),
    ("village", 29, _BEGUN),
    ("village", 40, f"{_BEGUN} hold_session+10"),
    ("village", 45, f"{_BEGUN} prevent+1 urge+40"),
    ("village", 58, f"{_BEGUN} extend+20 urge+28"),
    # Help that is waited for, and help that has come.
    ("village", 6, f"{_BEGUN} consult+2"),
    ("village", 20, f"{_BEGUN} consult+1 join hold_session+9"),
    ("village", 7, f"{_BEGUN} join+3"),
    # Agreed on: to visit soon, to visit at last, to file; failed: to hand over, handed over.
    ("village", 30, f"{_BEGUN} settle"),
    ("village", 31, f"{_BEGUN} settle close+4"),
    ("village", 46, f"{_BEGUN} settle+1 fulfil+5 close+3"),
    ("village", 20, f"{_BEGUN} settle+3 fulfil+2 confirm follow_up+8 close+1"),
    ("village", 12, f"{_BEGUN} fail+3"),
    ("village", 26, f"{_BEGUN} fail+3 hand_over+4"),
    ("village", 60, f"{_BEGUN} settle+1 fulfil+2 confirm follow_up+9 close+1 archive+10"),
    ("village", 85, f"{_BEGUN} settle+1 confirm+1 follow_up+7 close+2 reopen+60 hold_session+3"),
    # The township.
    ("town", 0, ""),
    ("town", 1, ""),
    ("town", 3, "triage accept+1"),
    ("town", 29, f"{_BEGUN} hold_session+5"),
    ("town", 39, _BEGUN),
    ("town", 44, f"{_BEGUN} urge+39"),
    ("town", 55, f"{_BEGUN} hold_session+8 urge+38"),
    ("town", 8, f"{_BEGUN} consult+4"),
    ("town", 30, f"{_BEGUN} settle"),
    ("town", 47, f"{_BEGUN} settle+1 close+4"),
    ("town", 24, f"{_BEGUN} fail+2 hand_over+5"),
    # Its neighbour asks it, and the county's expert, for help.
    ("next town", 6, f"{_BEGUN} join+2"),
    ("next town", 12, f"{_BEGUN} consult+1 join+7"),
    ("next town", 45, f"{_BEGUN} urge+41"),
    # The county's centre.
    ("county", 1, ""),
    ("county", 2, "triage"),
    ("county", 5, "triage accept+1 start+1 consult+1"),
    ("county", 29, _BEGUN),
    ("county", 41, f"{_BEGUN} urge+37"),
    ("county", 31, f"{_BEGUN} settle close+3"),
    # Another county, for whoever must not see it.
    ("away", 2, "triage accept+1"),
    ("away", 38, _BEGUN),
)
