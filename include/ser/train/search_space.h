#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/train/recipe.h"

namespace ser::train {

// Which values of which fields of a recipe a random search tries. As JSON, by the fields' paths (a
// number is a place in a list):
//
//   {"training.mixup": [0.0, 0.2, 0.4],                                   one of these
//    "training.optimizer.learning_rate": {"from": 1e-4, "to": 1e-2, "scale": "log"},
//    "training.batch_size": {"from": 16, "to": 64},                       integers, as the field is
//    "network.2.rate": {"from": 0.1, "to": 0.5}}
//
// Numbers are drawn uniformly, or with "scale" "log" uniformly in their logarithm, and have three
// digits; both ends may be drawn.
class SearchSpace {
 public:
  // Throws ConfigError: E_SEARCH_SPACE (not an object of 1 to 64 fields, a field that `base` does
  // not have or that is not to be searched: those that say who is trained and tested on, and with
  // which seed; fields within each other; a choice that is empty, or a range that is none),
  // E_CONFIG_KEY and E_CONFIG_VALUE (a value that the field does not take).
  SearchSpace(const core::Json& json, const Recipe& base);

  // A value for each field: {"training.mixup": 0.2, ...}. The value of one does not depend on which
  // others there are.
  core::Json draw(const core::RandomStream& random) const;

  // `base` with these values.
  Recipe with(const core::Json& values) const;

  const core::Json& to_json() const { return json_; }

 private:
  struct Field {
    std::string path;
    core::Json choices;  // a list; null: a range
    double from = 0.0;
    double to = 0.0;
    bool logarithmic = false;
    bool integer = false;

    core::Json draw(core::RandomStream random) const;
  };

  Field read_field(const std::string& path, const core::Json& json) const;
  void check_values(const Field& field) const;

  core::Json json_;
  core::Json base_;
  std::vector<Field> fields_;
};

}  // namespace ser::train
