// bqconn config: shows values and sources, and no secrets.
#include <gtest/gtest.h>

#include <algorithm>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

json::Json row_of(const OneRun& run, const std::string& setting) {
    for (const auto& row : json::parse(run.out.str())) {
        if (row.at("setting") == setting) {
            return row;
        }
    }
    return {};
}

TEST(Config, EverySettingWithItsSource) {
    const tests::TempFolder folder;
    const std::string file = folder.write("ci.env", "\nBQCONN_SCOPES=a,b\n");
    OneRun run({"config", "--project", "typed-project-1", "--env-file", file});
    run.set_everything();
    EXPECT_EQ(run(), 0) << run.err.str();
    const auto settings = config::all_settings();
    const auto of_a_dataflow = std::count_if(settings.begin(), settings.end(), [](const auto& one) {
        return one.group == config::Group::dataflow;
    });
    EXPECT_EQ(json::parse(run.out.str()).size() + static_cast<std::size_t>(of_a_dataflow),
              settings.size());
    EXPECT_EQ(row_of(run, "project"), (json::Json{{"setting", "project"},
                                                  {"variable", "BQCONN_PROJECT"},
                                                  {"value", "typed-project-1"},
                                                  {"source", "--project"}}));
    EXPECT_EQ(row_of(run, "api-key")["source"], "BQCONN_API_KEY (environment)");
    EXPECT_EQ(row_of(run, "scopes")["source"], file + ":2: BQCONN_SCOPES");
    EXPECT_EQ(row_of(run, "env-file")["value"], file);
    EXPECT_EQ(row_of(run, "timeout")["value"], "75");
    EXPECT_EQ(row_of(run, "timeout")["source"], "default");
    EXPECT_EQ(row_of(run, "key-file")["value"], nullptr);
    EXPECT_EQ(row_of(run, "key-file")["source"], nullptr);
    EXPECT_EQ(row_of(run, "name")["variable"], nullptr);
    EXPECT_EQ(row_of(run, "pager")["variable"], "BQCONN_PAGER");
    EXPECT_TRUE(run.transport.requests().empty());
}

TEST(Config, NoSecretIsShown) {
    for (const char* const form : {"text", "json"}) {
        OneRun run({"config", "-o", form});
        run.set_everything();
        run.set("BQCONN_API_SECRET", "made-up-api-secret");
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_NE(run.out.str().find("[redacted]"), std::string::npos);
        for (const char* const secret : {"made-up-access-token", "made-up client secret",
                                         "made-up refresh token", "made-up-api-secret"}) {
            EXPECT_EQ(run.out.str().find(secret), std::string::npos) << form;
        }
    }
}

TEST(Config, TextHasNothingForWhatIsNotSet) {
    OneRun run({"config", "-o", "text"});
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.out.str().find("SETTING"), std::string::npos);
    EXPECT_NE(run.out.str().find("not set\n"), std::string::npos);
    EXPECT_NE(run.out.str().find("https://platform.adobe.io"), std::string::npos);
}

TEST(Config, SaysWhatIsWrongWithASetting) {
    OneRun run({"config", "--project", "Not A Project"});
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("--project"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
