"""What identity reads beyond what every process reads."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class SignInSettings(BaseSettings):
    """Whether people may sign in with a handle and a password, and whether they may register so by themselves."""

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    local_sign_in: bool = True
    registration: bool = True
