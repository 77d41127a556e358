#include "ser/train/fit.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::train {
namespace {

// Two classes that differ by the sign of the sum of six numbers.
dataset::ExampleSet separable(int count, std::uint64_t seed) {
  dataset::ExampleSet examples;
  examples.values.resize(6, count);
  core::RandomStream random(seed);
  for (int i = 0; i < count; ++i) {
    const int label = i % 2;
    for (int r = 0; r < 6; ++r) {
      examples.values(r, i) = static_cast<float>(random.normal() + (label == 0 ? -1.0 : 1.0));
    }
    examples.labels.push_back(label);
    examples.utterances.push_back(static_cast<std::size_t>(i));
  }
  return examples;
}

nn::Network small_network() {
  return {core::Json::parse(R"([{"layer": "conv1d", "channels": 4, "kernel": 3}, {"layer": "relu"},
                                {"layer": "max_pool", "size": 2, "stride": 2}, {"layer": "flatten"},
                                {"layer": "dropout", "rate": 0.2}, {"layer": "dense", "units": 2}])"),
          {1, 6}};
}

FitResult run(const FitConfig& config, int jobs, int validation_count = 40) {
  core::ThreadPool pool(jobs);
  return fit(small_network(), separable(200, 1), separable(validation_count, 2), config,
             core::RandomStream(4), pool);
}

TEST(Fit, LearnsWhatCanBeLearnt) {
  FitConfig config;
  config.epochs = 30;
  config.optimizer.learning_rate = 0.01;
  const auto result = run(config, 2);
  EXPECT_GT(result.history.back().validation_accuracy, 0.95);
  EXPECT_GT(result.history.back().validation_uar, 0.95);
  EXPECT_LT(result.history.back().loss, 0.5 * result.history.front().loss);
}

// What two epochs give, so that a commit that changes training says so. The values are what this
// test printed when it was written; other instruction sets round differently in the last digits.
TEST(Fit, HasNotChanged) {
  FitConfig config;
  config.epochs = 2;
  const auto result = run(config, 1);
  ASSERT_EQ(result.history.size(), 2U);
  EXPECT_NEAR(result.history[0].loss, 0.756195, 1e-5);
  EXPECT_NEAR(result.history[1].loss, 0.722970, 1e-5);
  EXPECT_NEAR(result.history[1].validation_loss, 0.641341, 1e-5);
  EXPECT_NEAR(result.parameters.norm(), 1.800443, 1e-5);
}

TEST(Fit, GivesTheSameBitsForAnyNumberOfWorkers) {
  FitConfig config;
  config.epochs = 3;
  config.batch_size = 50;  // not a multiple of the shard size, and the last batch is smaller
  const auto one = run(config, 1);
  for (const int jobs : {2, 3, 8}) {
    const auto other = run(config, jobs);
    EXPECT_EQ(other.parameters, one.parameters);
    EXPECT_EQ(other.history.back().loss, one.history.back().loss);
    EXPECT_EQ(other.history.back().validation_loss, one.history.back().validation_loss);
  }
}

TEST(Fit, KeepsTheEpochOfTheLowestValidationLossAndStopsEarly) {
  FitConfig config;
  config.epochs = 200;
  config.early_stopping_patience = 5;
  config.plateau.factor = 1.0;
  config.optimizer.learning_rate = 0.05;
  const auto result = run(config, 2);
  ASSERT_EQ(result.end, FitResult::End::kEarlyStopping);
  const auto& history = result.history;
  EXPECT_EQ(static_cast<int>(history.size()), result.best_epoch + 5);
  for (const auto& record : history) {
    EXPECT_GE(record.validation_loss,
              history[static_cast<std::size_t>(result.best_epoch - 1)].validation_loss);
  }
  // The parameters are those of the best epoch: training just so far gives the same.
  config.epochs = result.best_epoch;
  EXPECT_EQ(run(config, 2).parameters, result.parameters);
}

TEST(Fit, KeepsTheEpochOfTheHighestRecallIfAskedTo) {
  FitConfig config;
  config.epochs = 40;
  config.select_by = "validation_uar";
  config.early_stopping_patience = 1000;
  config.optimizer.learning_rate = 0.05;
  const auto result = run(config, 2);
  const auto& best = result.history[static_cast<std::size_t>(result.best_epoch - 1)];
  for (const auto& record : result.history) {
    EXPECT_LE(record.validation_uar, best.validation_uar);
    if (record.validation_uar == best.validation_uar) {
      EXPECT_GE(record.validation_loss, best.validation_loss);
    }
  }
}

TEST(Fit, ReducesTheLearningRateOnAPlateau) {
  FitConfig config;
  config.epochs = 60;
  config.early_stopping_patience = 1000;
  config.optimizer.learning_rate = 0.1;
  config.plateau = {"validation_loss", 0.5, 1, 0.02};
  const auto result = run(config, 1);
  double best = std::numeric_limits<double>::infinity();
  double rate = 0.1;
  int since = 0;
  for (const auto& record : result.history) {
    EXPECT_DOUBLE_EQ(record.learning_rate, rate) << record.epoch;
    if (record.validation_loss < best) {
      best = record.validation_loss;
      since = 0;
    } else if (++since > 1) {
      rate = std::max(0.02, rate * 0.5);
      since = 0;
    }
  }
  EXPECT_LT(rate, 0.1);  // it happened at all
}

// One step an epoch, so the average can be followed by hand.
TEST(Fit, AveragesTheParametersOverItsSteps) {
  FitConfig config;
  config.batch_size = 200;
  const auto parameters_after = [&](int epochs, double decay) {
    config.epochs = epochs;
    config.average_decay = decay;
    return run(config, 1, 0).parameters;
  };
  nn::Vector average = small_network().initialize(core::RandomStream(4).fork("initialize"));
  for (int step = 1; step <= 3; ++step) {
    const auto keep = static_cast<float>(std::min(0.2, (1.0 + step) / (10.0 + step)));
    average += (1.0F - keep) * (parameters_after(step, 0.0) - average);
  }
  EXPECT_LT((parameters_after(3, 0.2) - average).cwiseAbs().maxCoeff(), 1e-6F);
}

TEST(Fit, FollowsTheCosineStepByStep) {
  FitConfig config;
  config.epochs = 10;
  config.batch_size = 50;  // four steps an epoch
  config.early_stopping_patience = 1000;
  config.optimizer.learning_rate = 0.02;
  config.schedule = "cosine";
  config.cosine = {2.0, 0.001};
  const auto result = run(config, 1);
  for (const auto& record : result.history) {
    EXPECT_DOUBLE_EQ(record.learning_rate,
                     cosine_learning_rate(0.02, 0.001, 4 * (record.epoch - 1), 8, 40));
  }
  EXPECT_GT(result.history.back().validation_accuracy, 0.9);
}

TEST(CosineLearningRate, RisesAndFalls) {
  EXPECT_DOUBLE_EQ(cosine_learning_rate(0.1, 0.02, 0, 4, 24), 0.025);
  EXPECT_DOUBLE_EQ(cosine_learning_rate(0.1, 0.02, 3, 4, 24), 0.1);
  EXPECT_DOUBLE_EQ(cosine_learning_rate(0.1, 0.02, 4, 4, 24), 0.1);
  EXPECT_NEAR(cosine_learning_rate(0.1, 0.02, 14, 4, 24), 0.06, 1e-12);
  EXPECT_NEAR(cosine_learning_rate(0.1, 0.02, 24, 4, 24), 0.02, 1e-12);
  EXPECT_DOUBLE_EQ(cosine_learning_rate(0.1, 0.02, 0, 0, 10), 0.1);
  // a rise that is longer than the training
  EXPECT_DOUBLE_EQ(cosine_learning_rate(0.1, 0.02, 9, 100, 10), 0.01);
}

// Each option must do something, keep the promise of the same bits, and let learning happen.
TEST(Fit, LearnsInEveryWayAndWithTheSameBits) {
  const nn::Network network(core::Json::parse(R"([{"layer": "conv1d", "channels": 4, "kernel": 3},
                            {"layer": "batch_norm"}, {"layer": "relu"},
                            {"layer": "statistics_pool"}, {"layer": "dense", "units": 2}])"),
                            {1, 6});
  FitConfig plain;
  plain.epochs = 20;
  plain.early_stopping_patience = 1000;
  plain.optimizer.learning_rate = 0.02;
  std::vector<FitConfig> configs(6, plain);
  configs[1].label_smoothing = 0.1;
  configs[2].mixup = 0.4;
  configs[3].gradient_norm = 0.01;
  configs[4].optimizer.kind = "sgd";
  configs[5].optimizer.weight_decay = 0.5;
  nn::Vector first;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const auto train = [&](int jobs) {
      core::ThreadPool pool(jobs);
      return fit(network, separable(203, 1), separable(100, 2), configs[i], core::RandomStream(4),
                 pool);
    };
    const auto result = train(1);
    EXPECT_EQ(train(3).parameters, result.parameters) << i;
    EXPECT_GT(result.history.back().validation_accuracy, 0.9) << i;
    if (i == 0) {
      first = result.parameters;
    } else {
      EXPECT_NE(result.parameters, first) << i;
    }
    // The running statistics are those of the data, whatever the optimiser does.
    const auto& range = network.statistics().at(0);
    EXPECT_GT(result.parameters.segment(range.begin + 4, 4).minCoeff(), 0.01F) << i;
  }
}

TEST(Fit, TakesExamplesOfDifferentLengths) {
  const auto data = [](int count, std::uint64_t seed) {
    dataset::ExampleSet examples = separable(count, seed);
    examples.values = examples.values.replicate(2, 1).eval();
    for (int i = 0; i < count; ++i) {
      examples.lengths.push_back(3 + i % 4);
      examples.values.col(i).tail(12 - examples.lengths.back()).setConstant(NAN);
    }
    return examples;
  };
  const nn::Network network(
      core::Json::parse(R"([{"layer": "conv1d", "channels": 4, "kernel": 3}, {"layer": "relu"},
                            {"layer": "global_average_pool"}, {"layer": "dense", "units": 2}])"),
      {1, 12});
  FitConfig config;
  config.epochs = 30;
  config.optimizer.learning_rate = 0.02;
  core::ThreadPool pool(2);
  const auto result = fit(network, data(200, 1), data(100, 2), config, core::RandomStream(4), pool);
  EXPECT_GT(result.history.back().validation_accuracy, 0.9);
}

TEST(Fit, MeetsTheExamplesOfEachEpoch) {
  const auto training = separable(100, 1);
  FitConfig config;
  config.epochs = 10;
  config.optimizer.learning_rate = 0.05;
  const nn::Network network(
      core::Json::parse(R"([{"layer": "flatten"}, {"layer": "dense", "units": 2}])"), {1, 6});
  core::ThreadPool pool(2);
  std::set<std::uint64_t> streams;
  const auto result = fit(network, training, {}, config, core::RandomStream(4), pool, {}, {},
                          [&](const auto& examples, core::RandomStream random, auto& renewed) {
                            EXPECT_EQ(examples.values, training.values);
                            streams.insert(random.next());
                            renewed = examples;
                            // in the last epoch every example is of the other class
                            if (streams.size() == 10) renewed.values = -renewed.values;
                          });
  EXPECT_EQ(streams.size(), 10U);
  EXPECT_GT(result.history[8].accuracy, result.history[9].accuracy + 0.3);
}

TEST(Fit, WithoutValidationKeepsTheLastEpoch) {
  FitConfig config;
  config.epochs = 4;
  const auto result = run(config, 1, 0);
  EXPECT_EQ(result.best_epoch, 4);
  EXPECT_EQ(result.history.size(), 4U);
  EXPECT_TRUE(std::isnan(result.history.back().validation_loss));
}

TEST(Fit, SaysWhenItDiverges) {
  FitConfig config;
  config.optimizer.learning_rate = 10.0;
  config.epochs = 1000;
  core::ThreadPool pool(1);
  auto training = separable(100, 1);
  training.values(0, 0) = std::numeric_limits<float>::quiet_NaN();
  try {
    fit(small_network(), training, separable(10, 2), config, core::RandomStream(1), pool);
    FAIL();
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_TRAIN_DIVERGED");
  }
}

TEST(Fit, BalancedWeightsHelpARareClass) {
  auto training = separable(200, 1);
  // 180 of class 0, 20 of class 1, hard to tell apart
  training.values = training.values / 4.0F;
  std::vector<int> labels;
  for (int i = 0; i < 200; ++i) {
    const bool rare = i % 20 == 1 || i % 20 == 3;
    if (i % 2 == 1 && !rare) training.values.col(i) = training.values.col(i - 1);
    labels.push_back(rare ? 1 : 0);
  }
  training.labels = labels;
  auto validation = separable(200, 5);
  validation.values /= 4.0F;
  core::ThreadPool pool(2);
  FitConfig config;
  config.epochs = 15;
  const auto recall = [&](const char* weights) {
    config.class_weights = weights;
    return fit(small_network(), training, validation, config, core::RandomStream(1), pool)
        .history.back()
        .validation_uar;
  };
  EXPECT_GT(recall("balanced"), recall("none"));
}

}  // namespace
}  // namespace ser::train
