#include <gtest/gtest.h>

#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/failures.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

EmulatorOptions with(const AdobeFailures& failures) {
    EmulatorOptions options;
    options.service.adobe = failures;
    return options;
}

Reply list_of(const AdobeFailures& failures) {
    return RunningEmulator(with(failures)).flow("GET", "/connections");
}

Reply sandboxes_of(const AdobeFailures& failures) {
    RunningEmulator emulator(with(failures));
    return send(emulator.port(), "GET", "/data/foundation/sandbox-management/",
                emulator.credentials());
}

TEST(AdobeFailures, OfTheGateway) {
    for (const auto& [failure, code] :
         {std::pair{AdobeFailure::wrong_key, "403003"}, {AdobeFailure::no_profile, "403025"}}) {
        for (const Reply& reply : {list_of({failure}), sandboxes_of({failure})}) {
            EXPECT_EQ(reply.status, 403);
            EXPECT_EQ(reply.json().at("error_code"), code);
        }
    }
    for (const Reply& reply :
         {list_of({AdobeFailure::no_org}), sandboxes_of({AdobeFailure::no_org})}) {
        EXPECT_EQ(reply.status, 401);
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-2000-401");
    }
}

TEST(AdobeFailures, NoPermission) {
    const Reply reply = list_of({AdobeFailure::no_permission});
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-2120-403");
    EXPECT_EQ(sandboxes_of({AdobeFailure::no_permission}).status, 200);
}

TEST(AdobeFailures, NoBasic) {
    RunningEmulator emulator(with({AdobeFailure::no_basic}));
    const Reply spec =
        emulator.flow("GET", "/connectionSpecs/" + std::string(bigquery_spec_id), {}, "prod");
    const Json auth_specs = spec.json().at("items").at(0).at("authSpec");
    ASSERT_EQ(auth_specs.size(), 1U);
    EXPECT_EQ(auth_specs.at(0).at("name"), "Service Authentication");
    EXPECT_EQ(auth_specs.at(0).at("spec").at("required"),
              Json::parse(R"(["datasetId","keyFileContent","projectId"])"));
    EXPECT_EQ(emulator.flow("POST", "/connections", basic_body().dump()).status, 400);
    // The region is unchanged: a client must not rely on it alone.
    EXPECT_EQ(emulator.emulator.store().find_sandbox("prod")->region, "VA7");
}

TEST(Clock, IsThatOfTheDateAlone) {
    EmulatorOptions options;
    options.clock = [] { return std::chrono::system_clock::time_point(std::chrono::hours(24)); };
    options.service.date_shift = std::chrono::seconds(-90);
    RunningEmulator emulator(options);
    const Reply reply = emulator.flow("GET", "/connections");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("date"), "Thu, 01 Jan 1970 23:58:30 GMT");
    EXPECT_EQ(emulator.emulator.store().now(), 86'400'000);
}

}  // namespace
}  // namespace bqconn::emulator
