"""The table of the policy: each row grants an action to roles, each with a reach 管辖.

Only rows here. `policy.py` asks them, `actions.py` says them in the bureau's words; whatever no row grants is
refused.
"""

from admin_app.models.users import Role
from admin_app.reaches import (
    ABOVE_OWNER,
    ABOVE_RECEIVER,
    ADVISED,
    ADVISING,
    APPLYING_FOR,
    APPROVING,
    ASKED_FOR,
    ASKED_HERE,
    ASKED_OR_LED_HERE,
    ASSIGNED,
    ASSIGNING,
    AT_HOME,
    AT_UNIT,
    BECOME_COMMITTEES,
    BECOME_HELD,
    BECOME_OWN,
    BELOW,
    CIRCULAR_HERE,
    CIRCULAR_WITHIN,
    COLLEAGUE,
    COMMITTEE_OWNING,
    DECIDING,
    DISINTERESTED,
    EVALUATED,
    EVERYWHERE,
    HAVING_LED,
    HAVING_LED_HERE,
    HELP_AND_CASE,
    HELPING,
    IN_AREA,
    IN_LIBRARY,
    IN_LIBRARY_OF_COMMITTEE,
    INVITED,
    JUDGING,
    MEETING_HERE,
    MEETING_WITHIN,
    NEIGHBOURS,
    OF_CASE,
    OF_COMMITTEE,
    OF_COMMITTEES_CASE,
    OF_OWN_CASE,
    OTHERS,
    OWN,
    OWN_AND_SPEECHLESS,
    OWNING,
    PASSING_ON,
    PASSING_ON_OR_HOLDING,
    PUBLISHED,
    RECEIVING,
    REGIONAL,
    RULING,
    SENDING,
    SENT_HERE,
    SERVING,
    SIGNING,
    SPEECHLESS,
    TOUCHED,
    TOUCHED_BY_COMMITTEE,
    URGED,
    URGED_OR_URGING,
    VETTING,
    WITHIN,
    Reach,
)

Grant = dict[Role, Reach]
GRANTS: dict[str, Grant] = {}


def permit(actions: str, *grants: Grant) -> None:
    """A row of the policy; `actions` are separated by blanks and share the row.

    To open a thing follows from seeing it, so that no row can grant it and no step may be called so.
    """
    for action in actions.split():
        if action.endswith(".open"):
            raise ValueError(action)
        GRANTS[action] = {role: reach for grant in grants for role, reach in grant.items()}


EVERYONE: Grant = dict.fromkeys(Role, EVERYWHERE)
SYSADMIN: Grant = {Role.SYSADMIN: EVERYWHERE}
AUDITOR: Grant = {Role.AUDITOR: EVERYWHERE}
BUREAU: Grant = {Role.BUREAU: WITHIN}
OFFICES: Grant = {Role.BUREAU: WITHIN, Role.OFFICE: WITHIN}
SENDERS: Grant = {Role.BUREAU: SENDING, Role.OFFICE: SENDING}
RECEIVERS: Grant = {Role.BUREAU: RECEIVING, Role.OFFICE: RECEIVING}
INSPECTOR: Grant = {Role.INSPECTOR: WITHIN}
DIRECTOR: Grant = {Role.COMMITTEE: OF_COMMITTEE}
COLLEAGUES: Grant = {Role.COMMITTEE: OF_COMMITTEE, Role.MEDIATOR: OF_COMMITTEE}
COMMITTEE_ROLES = (Role.COMMITTEE, Role.MEDIATOR)
WORKERS = (Role.BUREAU, Role.OFFICE, Role.COMMITTEE, Role.MEDIATOR)
HOLDERS: Grant = {**OFFICES, **DIRECTOR, Role.MEDIATOR: ASSIGNED}

# ------------------------------------------------------------------ every signed-in person
permit("home.see password.change notice.see job.mine", EVERYONE)

# ------------------------------------------------------------------ set-up and log
permit("user.see user.create user.restore user.history", SYSADMIN)
# Nobody gives themselves a post, and the last system administrator cannot vanish.
permit("user.edit user.remove user.reset", {Role.SYSADMIN: OTHERS})
# Who gives out posts names the committee and the mediator of a post, without opening their pages.
permit("committee.choose mediator.choose", SYSADMIN)
permit("code.see code.create code.edit code.remove code.restore code.history", SYSADMIN)
permit("holiday.see holiday.create holiday.edit holiday.remove holiday.restore holiday.history", SYSADMIN)
permit("parameter.see", SYSADMIN, {Role.BUREAU: EVERYWHERE})
permit("parameter.create parameter.edit parameter.remove parameter.restore parameter.history", SYSADMIN)
permit("requirement.see", SYSADMIN, {Role.BUREAU: EVERYWHERE})
permit(
    "requirement.create requirement.edit requirement.remove requirement.restore requirement.history", SYSADMIN
)
permit("log.see log.verify log.check", AUDITOR)
permit("job.see job.cancel", SYSADMIN)
# A bureau rules which Word templates its offices use in place of the supplied ones.
permit("form_template.see", SYSADMIN, {Role.BUREAU: REGIONAL})
permit("form_template.edit form_template.history", SYSADMIN, BUREAU)

# ------------------------------------------------------------------ units
permit("unit.see", SYSADMIN, {role: NEIGHBOURS for role in Role if role not in (Role.SYSADMIN, Role.AUDITOR)})
permit("unit.export", SYSADMIN, OFFICES, INSPECTOR)
permit("unit.import", SYSADMIN, BUREAU)
permit("unit.create unit.edit unit.remove unit.restore unit.history", SYSADMIN, BUREAU)

# ------------------------------------------------------------------ who looks after which townships
permit("area.see area.history", OFFICES, INSPECTOR)
# Nobody widens their own scope.
permit("area.create area.edit area.remove area.restore", {Role.BUREAU: ASSIGNING})
permit("user.choose", {Role.BUREAU: SERVING, Role.OFFICE: SERVING})

# ------------------------------------------------------------------ organisations and people
permit("committee.see", OFFICES, INSPECTOR, COLLEAGUES)
permit("committee.export", OFFICES, INSPECTOR, DIRECTOR)
permit("committee.create committee.remove committee.restore", OFFICES)
permit("committee.edit committee.import", OFFICES)
permit("committee.sensitive", OFFICES, DIRECTOR)
permit("committee.history", OFFICES, INSPECTOR, DIRECTOR)

permit("mediator.see", OFFICES, INSPECTOR, COLLEAGUES)
permit("mediator.export", OFFICES, INSPECTOR, DIRECTOR)
permit("mediator.create mediator.remove mediator.restore", OFFICES, DIRECTOR)
permit("mediator.edit mediator.import", OFFICES, DIRECTOR)
permit("mediator.sensitive", OFFICES, DIRECTOR, {Role.MEDIATOR: OWN})
permit("mediator.history", OFFICES, INSPECTOR, DIRECTOR)

# By which targets units are judged, everybody in them may read.
permit(
    "staffing_target.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR, Role.COMMITTEE), REGIONAL),
)
permit("staffing_target.create staffing_target.edit staffing_target.remove staffing_target.restore", BUREAU)
permit("staffing_target.history", BUREAU)
# Asked of committees: whose people and studios are counted against the targets.
permit("network.see network.export", OFFICES, INSPECTOR)

permit("expert.see expert.export", OFFICES, INSPECTOR)
# An expert of an upper tier may be consulted by anybody below, without opening the expert's page.
permit("expert.choose", SYSADMIN, dict.fromkeys(WORKERS, REGIONAL))
permit("expert.create expert.edit expert.remove expert.restore expert.sensitive expert.import", OFFICES)
permit("expert.history", OFFICES, INSPECTOR)

# ------------------------------------------------------------------ cases
permit("case.see case.export case.history", OFFICES, INSPECTOR, DIRECTOR, {Role.MEDIATOR: COLLEAGUE})
permit("case.create", OFFICES, COLLEAGUES)
permit("case.quick", OFFICES, COLLEAGUES)
permit("case.import", OFFICES, DIRECTOR)
permit("case.edit case.sensitive", HOLDERS)
permit("case.remove case.restore", OFFICES, DIRECTOR)

# Whoever has passed a case on keeps reading it, and so does whoever is asked to help with it.
permit(
    "case.follow",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), TOUCHED),
    dict.fromkeys((Role.COMMITTEE, Role.MEDIATOR), TOUCHED_BY_COMMITTEE),
    {Role.EXPERT: ADVISED},
)

permit("case.accept case.decline case.triage", OFFICES, COLLEAGUES)
permit(
    "case.start case.hold_session case.extend case.settle case.fail case.end case.close case.archive",
    HOLDERS,
)
permit("case.prevent case.consult case.take_over case.follow_up case.fulfil case.confirm", HOLDERS)
permit("case.attach", HOLDERS)
permit("case.assign case.hand_over", OFFICES, DIRECTOR)
permit("case.transfer", OFFICES, DIRECTOR)
permit("case.join case.reopen case.urge", OFFICES)

# ------------------------------------------------------------------ statistics
permit("monthly.see monthly.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("monthly.create monthly.edit", OFFICES, COLLEAGUES)
permit("monthly.remove monthly.restore", OFFICES, DIRECTOR)
# Asked of committees, of their cases and of their months: numbers are those of whoever holds the case.
permit("figure.see figure.export", OFFICES, INSPECTOR, COLLEAGUES)
# The first page tells a mediator of the cases assigned to them.
permit("figure.own", {Role.MEDIATOR: ASSIGNED})

# ------------------------------------------------------------------ screening
# A bureau rules how often its units screen; offices and committees read by which rule they do.
permit(
    "cadence.see key_period.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR, Role.COMMITTEE), REGIONAL),
)
permit("cadence.create cadence.edit cadence.remove cadence.restore cadence.history", BUREAU)
permit("key_period.create key_period.edit key_period.remove key_period.restore key_period.history", BUREAU)

permit("screening.see screening.export screening.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("screening.report screening.zero screening.edit", OFFICES, COLLEAGUES)
# Nobody reviews what their own unit has reported.
permit("screening.review screening.send_back", {Role.BUREAU: BELOW, Role.OFFICE: BELOW})

permit("find.see find.export find.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("find.create find.edit find.sensitive find.resolve find.watch", OFFICES, COLLEAGUES)
# As case.create: whoever may register a case there.
permit("find.convert", OFFICES, COLLEAGUES)
permit("find.remove find.restore", OFFICES, DIRECTOR)
# Whoever holds the case that came of it reads where it came from.
permit(
    "find.follow",
    {Role.BUREAU: BECOME_HELD, Role.OFFICE: BECOME_HELD, Role.INSPECTOR: BECOME_HELD},
    {Role.COMMITTEE: BECOME_COMMITTEES, Role.MEDIATOR: BECOME_OWN},
)

permit("screening.urge find.urge major_report.urge", {Role.BUREAU: BELOW, Role.OFFICE: BELOW})

# ------------------------------------------------------------------ early warning
permit("warning_rule.see", dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), REGIONAL))
permit(
    "warning_rule.create warning_rule.edit warning_rule.remove warning_rule.restore warning_rule.history "
    "warning_rule.copy warning_rule.try",
    BUREAU,
)
permit("warning.see warning.export warning.history", OFFICES, INSPECTOR, COLLEAGUES)
permit(
    "warning.edit warning.handle warning.report warning.close warning.reopen",
    {Role.BUREAU: OWNING, Role.OFFICE: OWNING, Role.COMMITTEE: COMMITTEE_OWNING},
)

permit("warning.urge", {Role.BUREAU: ABOVE_OWNER, Role.OFFICE: ABOVE_OWNER})
# ------------------------------------------------------------------ risk assessment, library, publicity
permit("assessment.see assessment.export assessment.history", OFFICES, INSPECTOR)
permit("assessment.create assessment.edit assessment.remove assessment.restore", OFFICES)
permit("assessment.assess assessment.send_back assessment.decide assessment.follow assessment.close", OFFICES)

# The library is everybody's; what is not published yet stays with whoever may read the case.
permit(
    "typical_case.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), IN_LIBRARY),
    dict.fromkeys(COMMITTEE_ROLES, IN_LIBRARY_OF_COMMITTEE),
)
permit("typical_case.export", OFFICES, INSPECTOR)
permit("typical_case.history", OFFICES, INSPECTOR, DIRECTOR)
permit("typical_case.edit typical_case.submit typical_case.revive", OFFICES, COLLEAGUES)
# Asked of a case: who may make a typical case of it.
permit("case.tell", OFFICES, DIRECTOR, {Role.MEDIATOR: ASSIGNED})
permit("typical_case.send_back typical_case.publish", BUREAU)
permit("typical_case.withdraw", OFFICES, DIRECTOR)

permit("publicity.see publicity.export publicity.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("publicity.create publicity.edit", OFFICES, COLLEAGUES)
permit("publicity.remove publicity.restore publicity.import", OFFICES, DIRECTOR)
# ------------------------------------------------------------------ meetings, circulars, reports upward
permit(
    "meeting_rule.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR, Role.COMMITTEE), REGIONAL),
)
permit(
    "meeting_rule.create meeting_rule.edit meeting_rule.remove meeting_rule.restore meeting_rule.history",
    BUREAU,
)
# Whoever is invited sees the meeting; the cases on its agenda open to whoever may see them anyhow.
permit(
    "meeting.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), MEETING_WITHIN),
    dict.fromkeys(COMMITTEE_ROLES, MEETING_HERE),
)
permit("meeting.export meeting.history", OFFICES, INSPECTOR)
# Whoever is responsible for a township calls its people together every month (S0).
LEADERS: Grant = {**OFFICES, Role.COMMITTEE: AT_HOME, Role.MEDIATOR: IN_AREA}
permit("meeting.create meeting.edit meeting.remove meeting.restore", LEADERS)
permit("meeting.call meeting.hold meeting.assign meeting.close meeting.cancel", LEADERS)
permit("meeting.reply", {Role.BUREAU: INVITED, Role.OFFICE: INVITED, Role.COMMITTEE: INVITED})
permit(
    "meeting_task.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), ASKED_FOR),
    {Role.COMMITTEE: ASKED_OR_LED_HERE, Role.MEDIATOR: ASKED_HERE},
)
permit("meeting_task.history meeting_task.export", OFFICES, INSPECTOR)
permit("meeting_task.finish", OFFICES, dict.fromkeys(COMMITTEE_ROLES, ASKED_HERE))
permit(
    "meeting_task.edit meeting_task.again",
    {Role.BUREAU: HAVING_LED, Role.OFFICE: HAVING_LED, Role.COMMITTEE: HAVING_LED_HERE},
)

permit(
    "circular.see",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), CIRCULAR_WITHIN),
    {Role.COMMITTEE: CIRCULAR_HERE, Role.MEDIATOR: CIRCULAR_HERE},
)
permit("circular.export circular.history", OFFICES, INSPECTOR)
permit("circular.create circular.edit circular.remove circular.restore", OFFICES)
permit("circular.send circular.remind circular.withdraw", OFFICES)
permit("circular.read", dict.fromkeys(WORKERS, SENT_HERE))

permit("major_report.see major_report.export major_report.history", OFFICES, INSPECTOR, COLLEAGUES)
permit(
    "major_report.report major_report.follow_up major_report.finish major_report.edit", OFFICES, COLLEAGUES
)
permit("major_report.drop", OFFICES, DIRECTOR)
# The proof of reading is of the very unit to which it is reported.
permit(
    "major_report.sign major_report.sign_final major_report.pass_on",
    {Role.BUREAU: SIGNING, Role.OFFICE: SIGNING},
)

# ------------------------------------------------------------------ visits
permit("visit.see visit.export visit.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("visit.create visit.edit visit.sensitive", OFFICES, COLLEAGUES)
# As case.create: whoever may register a case there.
permit("visit.convert", OFFICES, COLLEAGUES)
permit("visit.remove visit.restore visit.import", OFFICES, DIRECTOR)

# ------------------------------------------------------------------ referrals
permit(
    "referral.see referral.export referral.history",
    OFFICES,
    INSPECTOR,
    {Role.COMMITTEE: PASSING_ON_OR_HOLDING, Role.MEDIATOR: PASSING_ON},
)
# The parties stand on the notices and letters: in full for whoever holds the case.
permit(
    "referral.sensitive hand_over.sensitive",
    {Role.BUREAU: OF_CASE, Role.OFFICE: OF_CASE, Role.COMMITTEE: OF_COMMITTEES_CASE},
    {Role.MEDIATOR: OF_OWN_CASE},
)
permit("referral.create referral.edit referral.remove referral.restore", SENDERS, DIRECTOR)
permit("referral.send referral.ask referral.withdraw referral.close", SENDERS, DIRECTOR)
permit("referral.urge", {Role.BUREAU: ABOVE_RECEIVER, Role.OFFICE: ABOVE_RECEIVER})
permit("referral.approve referral.refuse", {Role.BUREAU: APPROVING, Role.OFFICE: APPROVING})
permit("referral.receive referral.send_back referral.answer", RECEIVERS, {Role.COMMITTEE: AT_UNIT})

# ------------------------------------------------------------------ help, hand-overs, supervision, dossiers
permit(
    "assistance.see assistance.history",
    {Role.BUREAU: HELP_AND_CASE, Role.OFFICE: HELP_AND_CASE, Role.INSPECTOR: HELP_AND_CASE},
    {Role.COMMITTEE: OF_COMMITTEES_CASE, Role.MEDIATOR: OF_OWN_CASE, Role.EXPERT: ADVISING},
)
permit("assistance.answer", {Role.BUREAU: HELPING, Role.OFFICE: HELPING, Role.EXPERT: ADVISING})
permit(
    "assistance.edit assistance.withdraw",
    {Role.BUREAU: OF_CASE, Role.OFFICE: OF_CASE, Role.COMMITTEE: OF_COMMITTEES_CASE},
)

permit("hand_over.see hand_over.export hand_over.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("hand_over.edit hand_over.feed_back", OFFICES, COLLEAGUES)

permit(
    "urging.see urging.export urging.history",
    dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), URGED_OR_URGING),
    COLLEAGUES,
)
permit("urging.edit urging.close urging.urge_again", {Role.BUREAU: SENDING, Role.OFFICE: SENDING})
permit("urging.answer", {Role.BUREAU: URGED, Role.OFFICE: URGED}, DIRECTOR)

permit("dossier.see dossier.export dossier.history", OFFICES, INSPECTOR, COLLEAGUES)
permit("dossier.edit dossier.lend dossier.give_back", OFFICES, DIRECTOR)

# ------------------------------------------------------------------ look-back
permit("lookback.see lookback.export lookback.history", OFFICES, INSPECTOR, DIRECTOR)
permit("lookback.create lookback.edit lookback.remove lookback.restore", {Role.BUREAU: WITHIN})

# ------------------------------------------------------------------ grades, stars, honours
# Everybody below takes part in a season; its organiser, and whoever stands above, lead it.
permit("season.see", dict.fromkeys((*WORKERS, Role.INSPECTOR), REGIONAL))
permit("season.history", dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), REGIONAL))
permit("season.create season.edit season.remove season.restore", OFFICES)
# The whole ranking, for whoever the organiser answers to.
permit("season.export", OFFICES, INSPECTOR)
permit("season.begin season.to_review season.finish season.compute season.nominate", OFFICES)
# Asked of committees: whose people of the ranking somebody reads.
permit("committee.rank", OFFICES, INSPECTOR, COLLEAGUES)

permit("award.see award.export", OFFICES, INSPECTOR, DIRECTOR, {Role.MEDIATOR: OWN})
permit("award.history", OFFICES, INSPECTOR, DIRECTOR)
permit("award.sensitive", OFFICES)
permit("award.create award.edit award.resubmit award.withdraw", OFFICES, DIRECTOR, {Role.MEDIATOR: OWN})
# Who may put somebody forward where the standard takes no word of the applicant's own.
permit("award.put_forward", OFFICES, DIRECTOR)
permit("award.remove award.restore", OFFICES)
# Nobody judges their own: neither the mediator in person, nor the director of the committee.
permit("award.review award.send_back award.refuse", {Role.BUREAU: VETTING, Role.OFFICE: VETTING})
permit(
    "award.score award.pass_on award.publish award.object award.answer award.score_again award.fail",
    {Role.BUREAU: DECIDING, Role.OFFICE: DECIDING},
)
permit("award.grant award.file award.recheck award.revoke", {Role.BUREAU: DECIDING, Role.OFFICE: DECIDING})
# What was granted on paper enters as it is: the bureau answers for the book.
permit("award.import", {Role.BUREAU: VETTING})
permit("certificate.check", dict.fromkeys((*WORKERS, Role.INSPECTOR), EVERYWHERE))

# ------------------------------------------------------------------ evaluations
# A plan of a superior shows to the offices below, which review their own people in it.
permit("evaluation_plan.see", dict.fromkeys((Role.BUREAU, Role.OFFICE, Role.INSPECTOR), REGIONAL))
permit("evaluation_plan.history", OFFICES, INSPECTOR)
permit(
    "evaluation_plan.create evaluation_plan.edit evaluation_plan.remove evaluation_plan.restore "
    "evaluation_plan.draw evaluation_plan.add",
    OFFICES,
)
permit("evaluation_plan.publish evaluation_plan.close", BUREAU)

JUDGES: Grant = {Role.BUREAU: JUDGING, Role.OFFICE: JUDGING}
permit("evaluation.see evaluation.export", OFFICES, INSPECTOR, DIRECTOR, {Role.MEDIATOR: EVALUATED})
# Nobody enters, reviews, appraises or decides their own.
permit("evaluation.create evaluation.edit evaluation.remove evaluation.restore", JUDGES)
permit("evaluation.import", {Role.BUREAU: JUDGING})
permit("evaluation.review evaluation.rescore evaluation.appraise evaluation.exempt", JUDGES)
permit("evaluation.answer", {Role.BUREAU: JUDGING})
# Who cannot sign in says it to the director, or at the office; whoever enters it judges nothing of it.
permit(
    "evaluation.self_score evaluation.appeal",
    {Role.MEDIATOR: OWN, Role.COMMITTEE: OWN_AND_SPEECHLESS, Role.OFFICE: SPEECHLESS},
)
permit("evaluation.history", JUDGES, INSPECTOR)

# ------------------------------------------------------------------ subsidies
# What a bureau above has set holds below: everybody may read by what they are paid.
permit("rate.see", dict.fromkeys((*WORKERS, Role.INSPECTOR), REGIONAL))
permit("rate.create rate.edit rate.remove rate.restore", BUREAU)
permit("rate.history", OFFICES, INSPECTOR)
permit("budget.see budget.history budget.export", OFFICES, INSPECTOR)
permit("budget.create budget.edit budget.remove budget.restore", OFFICES)
# ------------------------------------------------------------------ trainings
# Mediators go to the trainings of the units above them; of the list each sees the people they may see.
permit("training.see", dict.fromkeys((*WORKERS, Role.INSPECTOR), REGIONAL))
permit("training.create training.edit training.remove training.restore training.import", OFFICES)
permit("training.hold training.cancel training.reopen training.attend", OFFICES)
# Whose hours of training one may read.
permit("mediator.hours", OFFICES, INSPECTOR, DIRECTOR, {Role.MEDIATOR: OWN})
permit("training.history training.export", OFFICES, INSPECTOR)

# ------------------------------------------------------------------ standards
# Whoever is judged reads by what: everybody of the region, once it is published.
permit(
    "standard.see",
    {Role.BUREAU: RULING},
    dict.fromkeys((Role.OFFICE, Role.INSPECTOR, *COMMITTEE_ROLES), PUBLISHED),
)
permit("standard.history", {Role.BUREAU: RULING, Role.OFFICE: PUBLISHED, Role.INSPECTOR: PUBLISHED})
permit("standard.create standard.edit standard.remove standard.restore", BUREAU)
permit("standard.publish standard.retire standard.copy", BUREAU)
permit("standard.try", {Role.BUREAU: RULING, Role.OFFICE: PUBLISHED})
APPLICANT: Grant = {Role.COMMITTEE: APPLYING_FOR}
permit("subsidy.see subsidy.export subsidy.history", OFFICES, INSPECTOR, APPLICANT)
# Bank accounts and ID numbers on the sheet of payments.
permit("subsidy.sensitive", OFFICES, APPLICANT)
permit("subsidy.create subsidy.edit subsidy.remove subsidy.restore", OFFICES, APPLICANT)
permit("subsidy.draw subsidy.clear subsidy.apply subsidy.withdraw", OFFICES, APPLICANT)
permit("subsidy.first_review subsidy.send_back", {Role.BUREAU: DISINTERESTED, Role.OFFICE: DISINTERESTED})
permit("subsidy.review subsidy.reject subsidy.notice subsidy.pay", {Role.BUREAU: DISINTERESTED})
# What was paid on paper is entered by whoever paid it.
permit("payment.see payment.export payment.history", OFFICES, INSPECTOR, DIRECTOR)
permit("payment.create payment.edit payment.remove payment.restore payment.import", BUREAU)
permit("subsidy.object subsidy.answer", {Role.BUREAU: DISINTERESTED})

# ------------------------------------------------------------------ what an area opens (分片负责)
# The offices do in a township of theirs what they do at home. Whoever works in a committee looks after the
# mediation there: they read it, and work nowhere but in their own committee.
CARRIES_ALL = (Role.OFFICE, Role.INSPECTOR)
CARRIES_READING = (Role.COMMITTEE, Role.MEDIATOR)
READ_IN_AREA = frozenset(
    (
        *("committee.see", "mediator.see", "case.see", "visit.see", "hand_over.see", "urging.see"),
        *("dossier.see", "screening.see", "find.see", "monthly.see", "figure.see"),
        *("meeting.see", "meeting_task.see", "circular.see", "major_report.see"),
    )
)
# They call the people of the township together in its name.
LED_IN_AREA = frozenset(
    f"meeting.{verb}" for verb in ("create", "edit", "call", "hold", "assign", "close", "cancel")
)
