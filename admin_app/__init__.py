"""和事台 Heshi: the admin panel of a judicial bureau's people's mediation."""
