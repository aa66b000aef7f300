"""Facts on the cooperation of the ILO and China, each with where it comes from."""
