"""The places that know music: MusicBrainz, the Cover Art Archive, Spotify. All of it works without any of them."""
