#include "ser/model/model_file.h"

#include <cstring>

#include <gtest/gtest.h>

#include "ser/core/checksum.h"
#include "ser/core/error.h"

#include "model/header_text.h"
#include "model/small_classifier.h"
#include "support/temporary_folder.h"

namespace ser::model {
namespace {

std::string code_of(std::string_view bytes) {
  try {
    deserialize(bytes, "m.ser");
  } catch (const core::ModelError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("m.ser", 0), 0U) << error.what();
    return error.code();
  }
  return "accepted";
}

// The file with another header text, everything else as it was, and a checksum that fits.
std::string with_header(const std::string& bytes, const std::function<void(core::Json&)>& edit) {
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data() + 16, sizeof size);
  auto header = core::Json::parse(bytes.substr(24, size));
  edit(header);
  const std::string text = header.dump();
  std::string out = bytes.substr(0, 16);
  const std::uint64_t length = text.size();
  out.append(reinterpret_cast<const char*>(&length), sizeof length);
  out += text;
  out.resize((out.size() + 63) / 64 * 64, '\0');
  out += bytes.substr((24 + size + 63) / 64 * 64, bytes.size() - 8 - (24 + size + 63) / 64 * 64);
  const auto checksum = core::checksum64(out);
  out.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  return out;
}

TEST(ModelFile, RoundTripsToTheByte) {
  ClassifierParts parts = small_parts();
  parts.temperature = 1.0 / 3.0;
  const Recogniser recogniser{EmotionClassifier(parts)};
  const EmotionClassifier& classifier = recogniser.only();
  const auto bytes = serialize(recogniser);
  const auto again = deserialize(bytes, "m.ser");
  EXPECT_EQ(again.classes(), classifier.classes());
  EXPECT_EQ(again.only().parts().parameters, classifier.parts().parameters);
  EXPECT_EQ(again.only().parts().normalizer.mean(), classifier.parts().normalizer.mean());
  EXPECT_EQ(again.only().parts().normalizer.scale(), classifier.parts().normalizer.scale());
  EXPECT_EQ(again.only().parts().temperature, 1.0 / 3.0);
  EXPECT_EQ(again.only().parts().provenance, classifier.parts().provenance);
  EXPECT_EQ(serialize(again), bytes);
}

TEST(ModelFile, HowItWasTrainedCanBeLeftOut) {
  ClassifierParts parts = small_parts();
  parts.provenance = {{"a", "}, \"x\\\\"}, {"b", {1, {{"c", "]"}}, "\\"}}, {"network", 3}};
  const Recogniser recogniser(EmotionClassifier{parts});
  const auto bytes = serialize(recogniser);
  const auto bare = deserialize(bytes, "m.ser", Provenance::kLeftOut);
  EXPECT_EQ(bare.provenance(), core::Json::object());
  EXPECT_EQ(bare.only().parts().parameters, recogniser.only().parts().parameters);
  EXPECT_EQ(bare.only().network().to_json(), recogniser.only().network().to_json());
  parts.provenance = core::Json::object();
  EXPECT_EQ(serialize(bare), serialize(EmotionClassifier(parts)));
}

TEST(ModelFile, AMemberIsPassedOverOnlyWhereItIsOne) {
  EXPECT_EQ(without_member(R"( { "a" : [1, {"k": 2}] , "k" : {"x": "}\"," } , "b":3})", "k"),
            R"( { "a" : [1, {"k": 2}] , "k" :null, "b":3})");
  EXPECT_EQ(without_member(R"({"k":1})", "k"), R"({"k":null})");
  for (const char* text :
       {"", "{", "{}", "[\"k\", 1]", "{\"k\"", "{\"k\":", "{\"k\": \"", "{\"k\": \"\\",
        "{\"a\": 1}", "{\"a\": 1} {\"k\": 2}", "{k: 1}", "{\"a\": {\"k\": 1}}", "{\"k\": [1"}) {
    EXPECT_EQ(without_member(text, "k"), text);
  }
}

TEST(ModelFile, RefusesEveryTruncation) {
  const auto bytes = serialize(EmotionClassifier(small_parts()));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(code_of(std::string_view(bytes).substr(0, size)), "accepted") << size;
  }
  EXPECT_NE(code_of(bytes + "x"), "accepted");
}

TEST(ModelFile, RefusesEveryFlippedBit) {
  const auto bytes = serialize(EmotionClassifier(small_parts()));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    EXPECT_NE(code_of(damaged), "accepted") << i;
  }
}

// Whoever edits a file can also mend its checksum, so nothing may rest on it.
TEST(ModelFile, RefusesHeadersThatDoNotFit) {
  const auto bytes = serialize(EmotionClassifier(small_parts()));
  const auto code = [&](const std::function<void(core::Json&)>& edit) {
    return code_of(with_header(bytes, edit));
  };
  EXPECT_EQ(code([](core::Json&) {}), "accepted");
  EXPECT_EQ(code([](core::Json& h) { h.erase("classes"); }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["classes"] = 3; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["classes"].push_back("fourth"); }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["clip"]["offset_s"] = -1; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["features"]["fft_size"] = 1e9; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["features"]["secret"] = 1; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["network"][4]["units"] = 1000000000; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["network"][0]["layer"] = "system"; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["network"] = nullptr; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["temperature"] = "hot"; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["temperature"] = 0; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["temperature"] = -1.5; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["tensors"][0]["count"] = std::uint64_t{1} << 62; }),
            "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["tensors"][0]["count"] = -5; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["tensors"][0]["count"] = 4; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["tensors"].erase(0); }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["tensors"][1]["name"] = "x"; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h = core::Json::array(); }), "E_MODEL_CONTENT");
  core::Json deep = core::Json::array();
  for (int i = 0; i < 100; ++i) deep = core::Json::array({deep});
  EXPECT_EQ(code([&](core::Json& h) { h["provenance"] = deep; }), "E_MODEL_CONTENT");
}

// Two members of different sizes.
Recogniser small_ensemble() {
  ClassifierParts other = small_parts();
  other.features.mfcc_count = 5;
  other.normalizer = dataset::Normalizer(Eigen::VectorXf::Zero(7), Eigen::VectorXf::Ones(7));
  other.parameters = nn::Network(other.network, {1, 7}).initialize(core::RandomStream(5));
  std::vector<EmotionClassifier> members;
  members.emplace_back(small_parts());
  members.emplace_back(std::move(other));
  return {std::move(members), 1.25, {{"note", "of the whole"}}};
}

TEST(ModelFile, OfAnEnsembleRoundTripsToTheByte) {
  const auto bytes = serialize(small_ensemble());
  const auto again = deserialize(bytes, "m.ser");
  ASSERT_EQ(again.members().size(), 2U);
  EXPECT_EQ(again.temperature(), 1.25);
  EXPECT_EQ(again.provenance(), small_ensemble().provenance());
  EXPECT_EQ(again.members()[1].parts().parameters,
            small_ensemble().members()[1].parts().parameters);
  EXPECT_EQ(serialize(again), bytes);
}

TEST(ModelFile, OfAnEnsembleRefusesEveryTruncationAndFlippedBit) {
  const auto bytes = serialize(small_ensemble());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(code_of(std::string_view(bytes).substr(0, size)), "accepted") << size;
    auto damaged = bytes;
    damaged[size] = static_cast<char>(damaged[size] ^ (1 << (size % 8)));
    EXPECT_NE(code_of(damaged), "accepted") << size;
  }
  EXPECT_NE(code_of(bytes + "x"), "accepted");
}

TEST(ModelFile, OfAnEnsembleRefusesHeadersThatDoNotFit) {
  const auto bytes = serialize(small_ensemble());
  const auto code = [&](const std::function<void(core::Json&)>& edit) {
    return code_of(with_header(bytes, edit));
  };
  EXPECT_EQ(code([](core::Json&) {}), "accepted");
  EXPECT_EQ(code([](core::Json& h) { h.erase("members"); }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["members"] = 2; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["members"].erase(1); }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["members"].push_back({{"bytes", 0}}); }), "E_MODEL_FORMAT");
  EXPECT_EQ(code([](core::Json& h) {
              h["members"] = core::Json::array();
              for (std::size_t i = 0; i <= kMostMembers; ++i) {
                h["members"].push_back({{"bytes", 64}});
              }
            }),
            "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["members"][0] = nullptr; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["members"][0]["bytes"] = -64; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["members"][0]["bytes"] = 1e3; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) { h["members"][1]["bytes"] = ~std::uint64_t{0}; }),
            "E_MODEL_SIZE");
  EXPECT_EQ(code([](core::Json& h) {
              h["members"][1]["bytes"] = h["members"][1]["bytes"].get<int>() - 1;
            }),
            "E_MODEL_CHECKSUM");
  EXPECT_EQ(code([](core::Json& h) { h["classes"][0] = "calm"; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h["temperature"] = 0; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](core::Json& h) { h.erase("provenance"); }), "E_MODEL_CONTENT");
}

TEST(ModelFile, OfBeforeThereWasATemperatureHasTheNetworksProbabilities) {
  const auto bytes = with_header(serialize(EmotionClassifier(small_parts())),
                                 [](core::Json& h) { h.erase("temperature"); });
  EXPECT_EQ(deserialize(bytes, "m.ser").only().parts().temperature, 1.0);
}

TEST(ModelFile, SaysWhatIsWrong) {
  auto bytes = serialize(EmotionClassifier(small_parts()));
  EXPECT_EQ(code_of("RIFF1234WAVE"), "E_MODEL_FORMAT");
  EXPECT_EQ(code_of(bytes.substr(0, 30)), "E_MODEL_TRUNCATED");
  bytes[8] = 3;
  EXPECT_EQ(code_of(bytes), "E_MODEL_VERSION");
  const test::TemporaryFolder folder;
  EXPECT_THROW(load_model(folder / "none.ser"), core::ModelError);
  EXPECT_THROW(load_model(folder.path()), core::ModelError);
}

}  // namespace
}  // namespace ser::model
