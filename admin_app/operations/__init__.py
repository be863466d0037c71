"""The verbs. They ask the policy, check the rules, flush and never commit: the edge commits."""
