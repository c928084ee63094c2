"""The work that a report asks for beside its handling. Pure."""

from enum import StrEnum


class Task(StrEnum):
    """A piece of work that lies open on a report until an officer notes that it was done."""

    CALL_BACK = "call_back"
    VICTIM_SUPPORT = "victim_support"
    POST_COPY = "post_copy"
    COMPENSATION = "compensation"
    CAMERA_IMAGES = "camera_images"
    GOODS_HIT = "goods_hit"
    TELL_BANK = "tell_bank"
    FORWARD = "forward"
