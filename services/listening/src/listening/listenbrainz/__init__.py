"""ListenBrainz, as its clients speak it: https://listenbrainz.readthedocs.io/en/latest/users/json.html."""
