#include "ser/train/recipe.h"

#include <gtest/gtest.h>

#include "ser/augment/plan.h"
#include "ser/features/extractor.h"
#include "ser/model/emotion_classifier.h"
#include "ser/nn/network.h"

#include "support/temporary_folder.h"

namespace ser::train {
namespace {

TEST(Recipe, EveryBuiltInOneIsSound) {
  const auto names = recipe_names();
  EXPECT_NE(std::find(names.begin(), names.end(), kDefaultRecipe), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "classic"), names.end());
  for (const auto& name : names) {
    const auto recipe = load_recipe(name);
    EXPECT_EQ(recipe.name, name);
    EXPECT_FALSE(recipe.description.empty());
    const features::FeatureExtractor extractor(recipe.features);
    const nn::Network network(recipe.network, model::network_input(extractor, recipe.clip));
    EXPECT_GE(augment::AugmentationPlan(recipe.augment).copies(), 1U);
    // What is printed can be read again, and says the same.
    const auto json = core::config_to_json(recipe);
    EXPECT_EQ(core::config_to_json(core::config_from_json<Recipe>(json)), json);
  }
}

TEST(Recipe, ClassicIsTheNetworkOfItsDescription) {
  const auto recipe = load_recipe("classic");
  const features::FeatureExtractor extractor(recipe.features);
  ASSERT_EQ(extractor.clip_names().size(), 162U);
  EXPECT_EQ(augment::AugmentationPlan(recipe.augment).copies(), 3U);
  const nn::Network network(recipe.network, {1, 162});
  // 162 -> 81 -> 41 -> 21 -> 11 steps of 64 channels, then 32 units
  EXPECT_EQ(network.num_parameters(), (5 * 1 + 1) * 256 + (5 * 256 + 1) * 256 +
                                          (5 * 256 + 1) * 128 + (5 * 128 + 1) * 64 +
                                          (11 * 64 + 1) * 32);
  EXPECT_EQ(recipe.training.batch_size, 32);
  EXPECT_EQ(recipe.training.epochs, 50);
}

TEST(Recipe, AFileChangesOnlyWhatItNames) {
  const test::TemporaryFolder folder;
  auto recipe = load_recipe("classic");
  const auto before = core::config_to_json(recipe);
  apply_config_file(recipe, folder.write("c.json", R"({"training": {"epochs": 3}})").string());
  EXPECT_EQ(recipe.training.epochs, 3);
  recipe.training.epochs = 50;
  EXPECT_EQ(core::config_to_json(recipe), before);
}

}  // namespace
}  // namespace ser::train
