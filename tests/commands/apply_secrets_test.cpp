// The credentials of a connection are redacted while it is sent, and from all later output about
// it.
#include <gtest/gtest.h>

#include <string>

#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands::apply_tests {
namespace {

constexpr std::string_view first = "first made-up token";
constexpr std::string_view second = "other made-up token";

class ApplySecrets : public testing::TestWithParam<const char*> {
  protected:
    ApplySecrets()
        : run_({"apply", folder_.write("f.yaml", two_connections()), "--yes", "--parallel", "1",
                "--output", GetParam()}) {
        run_.set_everything();
        run_.environment.insert_or_assign("FIRST", Secret(std::string(first)));
        run_.environment.insert_or_assign("SECOND", Secret(std::string(second)));
        run_.transport.answer(200, R"({"items":[]})");
    }

    static std::string two_connections() {
        std::string file = "mark: false\nsandboxes: [prod]\nconnections:\n";
        for (const std::string name : {"FIRST", "SECOND"}) {
            file +=
                "  - name: " + name +
                "\n    kind: basic\n    project: my-project-123\n    client-id: made-up-client\n"
                "    client-secret: {env: FIRST}\n    refresh-token: {env: " +
                name + "}\n";
        }
        return file;
    }
    void expect_hidden() {
        const std::string said = run_.out.str() + run_.err.str();
        EXPECT_NE(said.find("[redacted]"), std::string::npos) << said;
        for (const auto secret : {first, second}) {
            EXPECT_EQ(said.find(secret), std::string::npos) << said;
        }
    }

    tests::TempFolder folder_;
    tests::OneRun run_;
};

TEST_P(ApplySecrets, EchoedByTheServer) {
    for (const auto secret : {first, second}) {
        run_.transport.answer(400, R"({"title":"not )" + std::string(secret) + "\"}",
                              {{"x-request-id", std::string(secret)}});
    }
    EXPECT_EQ(run_(), 5) << run_.err.str();
    expect_hidden();
}

TEST_P(ApplySecrets, InOneFailureOfTwo) {
    run_.transport.answer(201, R"({"id":"61abb712-060e-4b95-9153-ed4dfb6fd566","etag":"\"e\""})");
    run_.transport.answer(400, R"({"title":"not )" + std::string(second) + "\"}");
    EXPECT_EQ(run_(), 11) << run_.err.str();
    expect_hidden();
}

INSTANTIATE_TEST_SUITE_P(Form, ApplySecrets, testing::Values("text", "json"));

}  // namespace
}  // namespace bqconn::commands::apply_tests
