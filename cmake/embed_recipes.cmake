cmake_minimum_required(VERSION 3.24)
# cmake -DRECIPES=a.json;b.json -DOUTPUT=builtin_recipes.cpp -P embed_recipes.cmake
set(entries "")
foreach(file IN LISTS RECIPES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} json)
  string(APPEND entries "    {\"${name}\", R\"recipe(${json})recipe\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed_recipes.cmake from models/recipes.
#include \"train/builtin_recipes.h\"

#include <array>

namespace ser::train {
namespace {

constexpr auto kRecipes = std::to_array<BuiltinRecipe>({
${entries}});

}  // namespace

std::span<const BuiltinRecipe> builtin_recipes() { return kRecipes; }

}  // namespace ser::train
")
