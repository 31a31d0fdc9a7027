#include "emulator/platform/lake_file.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/error.hpp"

namespace bqconn::emulator {
namespace {

using json::Json;

const Json valid = Json::parse(R"({"tenant": "shop",
    "schemas": [{"id": "0123456789abcdef0123456789abcdef", "title": "A",
                 "properties": {"a": {"type": "string"}}}],
    "datasets": [{"id": "0123456789abcdef01234567", "name": "D", "schema": "A"}]})");

TEST(LakeFile, Shapes) {
    const Lake lake = read_lake(valid.dump(), "lake.json");
    EXPECT_EQ(lake.tenant, "shop");
    EXPECT_EQ(lake.schemas.size(), 1U);
    EXPECT_EQ(lake.datasets.size(), 1U);
    EXPECT_EQ(sample_lake().datasets.size(), 3U);
    EXPECT_TRUE(
        read_lake(R"({"tenant": "a", "schemas": [], "datasets": []})", "x").datasets.empty());
}

TEST(LakeFile, NamesThePlace) {
    struct Case {
        std::string pointer;
        Json value;
        std::string message;
    };
    for (const auto& [pointer, value, message] :
         {Case{"/tenant", "_x", "lake.json: tenant: must consist of letters and digits"},
          {"/schemas", 1, "lake.json: must be an object with the array schemas"},
          {"/datasets", nullptr, "lake.json: must be an object with the array datasets"},
          {"/schemas/0", 1, "lake.json: schemas[0].id: must be 32"},
          {"/schemas/0/id", "canary", "lake.json: schemas[0].id: must be 32"},
          {"/schemas/0/title", "", "lake.json: schemas[0].title: must be a title"},
          {"/schemas/0/properties", 1, "lake.json: schemas[0]: properties must be an object"},
          {"/schemas/0/properties/a", 1, "lake.json: schemas[0]: properties.a must be an object"},
          {"/schemas/0/required", {1}, "lake.json: schemas[0]: required must be an array of names"},
          {"/schemas/0/allOf", {{{"$ref", "canary"}}}, "lake.json: schemas[0]: allOf.$ref must be"},
          {"/schemas/1", valid.at("schemas").at(0), "lake.json: schemas[1].id: must be 32"},
          {"/datasets/0/id", 1, "lake.json: datasets[0].id: must be 24"},
          {"/datasets/0/name", 1, "lake.json: datasets[0].name: must be a name"},
          {"/datasets/0/schema", "canary", "lake.json: datasets[0].schema: must be the title"}}) {
        Json document = valid;
        document[Json::json_pointer(pointer)] = value;
        try {
            read_lake(document.dump(), "lake.json");
            ADD_FAILURE() << pointer;
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_code(), ExitCode::config);
            EXPECT_TRUE(error.message().starts_with(message)) << error.message();
            EXPECT_EQ(error.message().find("canary"), std::string::npos) << error.message();
        }
    }
    EXPECT_THROW(read_lake("{", "lake.json"), Error);
}

}  // namespace
}  // namespace bqconn::emulator
