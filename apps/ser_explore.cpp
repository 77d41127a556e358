#include "app_main.h"
#include "explore_corpus.h"
#include "explore_features.h"
#include "explore_sound.h"

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-explore");
  using namespace ser;
  CLI::App app("Shows what recordings hold.", "ser-explore");
  app.require_subcommand(1);
  const apps::Subcommand commands[] = {
      apps::add_corpus_command(app), apps::add_clip_command(app), apps::add_augment_command(app),
      apps::add_compare_command(app), apps::add_features_command(app)};
  return apps::run_app(app, argc, argv, [&]() -> int {
    for (const auto& command : commands) {
      if (command.app->parsed()) return command.run();
    }
    return apps::kUsage;
  });
} catch (...) {
  return ser::apps::report_exception();
}
