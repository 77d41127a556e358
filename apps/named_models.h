#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ser::apps {

// Where models are looked for that are named without a path: the folders of SER_MODELS (with ':'
// between), then share/ser/models beside the folder of the program, where those that come with the
// toolkit are.
std::vector<std::filesystem::path> model_folders();

// The file of a model: NAME.ser of the first folder that has one, for a name of letters, digits,
// '_' and '-'. Whatever else is given is a path, and so is a name that a file has. Throws
// ConfigError (E_MODEL_NAME) with the names that there are.
std::string find_model(const std::string& name_or_path);

}  // namespace ser::apps
