#include "app_main.h"
#include "explore_features.h"

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-explore");
  using namespace ser;
  CLI::App app("Shows what recordings hold.", "ser-explore");
  app.require_subcommand(1);
  const apps::Subcommand commands[] = {apps::add_features_command(app)};
  return apps::run_app(app, argc, argv, [&]() -> int {
    for (const auto& command : commands) {
      if (command.app->parsed()) return command.run();
    }
    return apps::kUsage;
  });
} catch (...) {
  return ser::apps::report_exception();
}
