"""The peers by name; importing this imports Keras."""

from __future__ import annotations

from benchmarks.recipes.peers import (
    das,
    inception_time,
    lstm,
    minirocket,
    ms_tcn,
    nnunet,
    resnet20,
    tweetynet,
    two_convolutions,
    u_time,
    unet_weighted,
)
from benchmarks.recipes.recipe import Recipe

RECIPES: dict[str, Recipe] = {
    each.RECIPE.name: each.RECIPE
    for each in (
        two_convolutions,
        lstm,
        das,
        tweetynet,
        u_time,
        ms_tcn,
        nnunet,
        unet_weighted,
        inception_time,
        minirocket,
        resnet20,
    )
}
