#include "emulator/platform/platform.hpp"

#include <gtest/gtest.h>

#include <set>

#include "emulator/http_client.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/connection_spec.hpp"

namespace bqconn::emulator {
namespace {

const std::string connections = "/data/foundation/flowservice/connections";

// The gateway's answer to a list request after `change` was applied to its credentials.
class GatewayTest : public testing::Test {
  protected:
    Reply list_with(const std::string& header, const std::string& value) {
        Headers headers = emulator_.credentials();
        headers[header] = value;
        return send(emulator_.port(), "GET", connections, headers);
    }
    Reply list_without(const std::string& header) {
        Headers headers = emulator_.credentials();
        headers.erase(header);
        return send(emulator_.port(), "GET", connections, headers);
    }
    RunningEmulator emulator_;
};

void expect_gateway(const Reply& reply, int status, const std::string& code,
                    const std::string& message) {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.json(), (Json{{"error_code", code}, {"message", message}}));
    EXPECT_EQ(reply.header("x-request-id").size(), 32U);
    EXPECT_EQ(reply.header("content-type"), "application/json");
}

void expect_flow(const Reply& reply, int status, const std::string& code,
                 const std::string& title) {
    EXPECT_EQ(reply.status, status);
    const Json document = reply.json();
    EXPECT_EQ(document.at("type"), "https://ns.adobe.com/aep/errors/FLOW-" + code);
    EXPECT_EQ(document.at("title"), title);
    EXPECT_EQ(document.at("status"), status);
    EXPECT_EQ(document.at("report").at("request-id"), reply.header("x-request-id"));
    EXPECT_EQ(document.at("report").at("detailed-message"), document.at("errorMessage"));
    EXPECT_EQ(document.at("errorDetails"), document.at("errorMessage"));
    EXPECT_FALSE(document.at("errorMessage").get<std::string>().empty());
}

TEST_F(GatewayTest, LetsValidCredentialsPass) {
    EXPECT_EQ(list_with("User-Agent", "a test").status, 200);
}

TEST_F(GatewayTest, NoToken) {
    expect_gateway(list_without("Authorization"), 403, "403010", "Oauth token is missing.");
    expect_gateway(list_with("Authorization", ""), 403, "403010", "Oauth token is missing.");
}

TEST_F(GatewayTest, TokenNotValid) {
    const std::string token = emulator_.credentials().at("Authorization").substr(7);
    for (const std::string& value :
         {std::string("Bearer unknown"), std::string("Bearer"), std::string("Basic ") + token,
          token, "Bearer " + token + "x", "Bearer " + token.substr(1)}) {
        expect_gateway(list_with("Authorization", value), 401, "401013",
                       "Oauth token is not valid");
    }
}

TEST_F(GatewayTest, SchemeInAnyCase) {
    const std::string token = emulator_.credentials().at("Authorization").substr(7);
    EXPECT_EQ(list_with("Authorization", "bearer " + token).status, 200);
}

TEST_F(GatewayTest, ApiKey) {
    expect_gateway(list_without("x-api-key"), 403, "403000", "Api Key is required");
    expect_gateway(list_with("x-api-key", "another"), 403, "403003", "Api Key is invalid");
}

TEST_F(GatewayTest, ApiKeyMustBeTheOneTheTokenWasIssuedTo) {
    Headers headers = emulator_.credentials();
    headers["Authorization"] = "Bearer " + emulator_.emulator.store().issue_token("another client");
    expect_gateway(send(emulator_.port(), "GET", connections, headers), 403, "403003",
                   "Api Key is invalid");
}

TEST_F(GatewayTest, Organisation) {
    expect_gateway(list_without("x-gw-ims-org-id"), 400, "400003", "Missing header");
    const std::string org = "x-gw-ims-org-id";
    expect_gateway(list_with(org, "0123456789ABCDEF01234567@AdobeOrg"), 403, "403025",
                   "Profile is not valid");
    for (const char* const value :
         {"my company", "0123456789ABCDEF01234567", "0123456789abcdef01234567@AdobeOrg",
          "0123456789ABCDEF0123456@AdobeOrg", "0123456789ABCDEF01234567@Adobeorg"}) {
        expect_gateway(list_with(org, value), 403, "403027", "User region is missing");
    }
}

TEST_F(GatewayTest, TheTokenIsCheckedBeforeTheKeyAndTheKeyBeforeTheOrganisation) {
    EXPECT_EQ(send(emulator_.port(), "GET", connections).json().at("error_code"), "403010");
    EXPECT_EQ(send(emulator_.port(), "GET", connections, {{"Authorization", "Bearer x"}})
                  .json()
                  .at("error_code"),
              "401013");
    const std::string token = emulator_.credentials().at("Authorization");
    EXPECT_EQ(send(emulator_.port(), "GET", connections, {{"Authorization", token}})
                  .json()
                  .at("error_code"),
              "403000");
}

TEST_F(GatewayTest, Sandbox) {
    expect_flow(list_without("x-sandbox-name"), 400, "2105-400", "Header is missing");
    for (const char* const name : {"nope", "DEV", "Development", "Production", "dev2"}) {
        const Reply reply = list_with("x-sandbox-name", name);
        expect_flow(reply, 404, "2100-404", "Sandbox not found");
        EXPECT_NE(reply.body.find("'" + std::string(name) + "'"), std::string::npos);
    }
    EXPECT_EQ(list_with("x-sandbox-name", "prod").status, 200);
    EXPECT_EQ(list_with("x-sandbox-name", "aws-dev").status, 200);
}

TEST_F(GatewayTest, HeaderNamesInAnyCase) {
    Headers changed;
    for (const auto& [name, value] : emulator_.credentials()) {
        std::string upper = name;
        for (char& c : upper) {
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        changed[upper] = value;
    }
    EXPECT_EQ(send(emulator_.port(), "GET", connections, changed).status, 200);
}

TEST_F(GatewayTest, UnknownPath) {
    const Json expected = {{"type", "/placeholder/type/uri"},
                           {"status", 404},
                           {"title", "NotFoundError"},
                           {"detail", "There is no such path"}};
    for (const char* const path :
         {"/connection", "/connections/", "/connections/a/b", "/", "/connections/../connections"}) {
        const Reply reply = emulator_.flow("GET", path);
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(reply.json(), expected) << path;
    }
    // Outside the gateway, no credentials are required.
    EXPECT_EQ(send(emulator_.port(), "GET", "/").json(), expected);
    EXPECT_EQ(send(emulator_.port(), "GET", "/ims/token").json(), expected);
    // Behind the gateway, they are checked first.
    EXPECT_EQ(send(emulator_.port(), "GET", "/data/foundation/nothing").json().at("error_code"),
              "403010");
}

TEST_F(GatewayTest, UnknownMethod) {
    for (const char* const method : {"PUT", "OPTIONS", "HEAD", "TRACE"}) {
        const Reply reply = emulator_.flow(method, "/connections");
        EXPECT_EQ(reply.status, 405) << method;
        EXPECT_EQ(reply.header("allow"), "GET, POST") << method;
        EXPECT_TRUE(reply.has("x-request-id")) << method;
    }
    EXPECT_EQ(emulator_.flow("PUT", "/connections", "{}").json().at("title"),
              "MethodNotAllowedError");
    EXPECT_EQ(send(emulator_.port(), "GET", "/ims/token/v3").header("allow"), "POST");
}

TEST_F(GatewayTest, ContentType) {
    const Json expected = {{"type", "/placeholder/type/uri"},
                           {"status", 400},
                           {"title", "BadRequestError"},
                           {"detail", "A valid content-type must be specified"}};
    Headers headers = emulator_.credentials();
    for (const char* const type :
         {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
        headers["Content-Type"] = type;
        const Reply reply =
            send(emulator_.port(), "POST", connections, headers, basic_body().dump());
        EXPECT_EQ(reply.status, 400) << type;
        EXPECT_EQ(reply.json(), expected) << type;
    }
    headers["Content-Type"] = "multipart/form-data; boundary=x";
    EXPECT_EQ(send(emulator_.port(), "POST", connections, headers,
                   "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n")
                  .json(),
              expected);
    for (const char* const type :
         {"application/json; charset=utf-8", "Application/JSON;charset=UTF-8"}) {
        headers["Content-Type"] = type;
        EXPECT_EQ(send(emulator_.port(), "POST", connections, headers, basic_body().dump()).status,
                  201)
            << type;
    }
}

TEST_F(GatewayTest, BodyThatIsNoJson) {
    const Reply reply = emulator_.flow("POST", "/connections", "{\"refreshToken\": SECRET}");
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json().at("title"), "BadRequestError");
    EXPECT_EQ(reply.json().at("detail"), "The request body is not valid JSON (line 1, column 18)");
    EXPECT_EQ(reply.body.find("SECRET"), std::string::npos);
    EXPECT_EQ(emulator_.flow("POST", "/connections", "\"\xff\"").status, 400);
    EXPECT_EQ(emulator_.flow("POST", "/connections", std::string(100'000, '[')).status, 400);
}

TEST_F(GatewayTest, EmptyBody) {
    Headers headers = emulator_.credentials();
    headers["Content-Type"] = "application/json";
    expect_flow(send(emulator_.port(), "POST", connections, headers), 400, "1405-400",
                "Invalid request");
    expect_flow(send(emulator_.port(), "POST", connections, headers, " \n"), 400, "1405-400",
                "Invalid request");
}

TEST_F(GatewayTest, RequestIdsDiffer) {
    std::set<std::string> ids;
    for (int i = 0; i < 20; ++i) {
        ids.insert(list_without("x-api-key").header("x-request-id"));
    }
    EXPECT_EQ(ids.size(), 20U);
}

TEST(GatewayTokens, Expire) {
    std::chrono::system_clock::time_point now{std::chrono::hours(24 * 365 * 50)};
    Options options;
    options.clock = [&now] { return now; };
    RunningEmulator emulator(options);
    const Headers headers = emulator.credentials();
    now += token_lifetime - std::chrono::seconds(1);
    EXPECT_EQ(send(emulator.port(), "GET", connections, headers).status, 200);
    now += std::chrono::seconds(1);
    expect_gateway(send(emulator.port(), "GET", connections, headers), 401, "401013",
                   "Oauth token is not valid");
}

Options with(const std::set<AdobeFailure>& failures) {
    Options options;
    options.adobe = failures;
    return options;
}

Reply list_of(const std::set<AdobeFailure>& failures) {
    return RunningEmulator(with(failures)).flow("GET", "/connections");
}

Reply sandboxes_of(const std::set<AdobeFailure>& failures) {
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
    Options options;
    options.clock = [] { return std::chrono::system_clock::time_point(std::chrono::hours(24)); };
    options.date_shift = std::chrono::seconds(-90);
    RunningEmulator emulator(options);
    const Reply reply = emulator.flow("GET", "/connections");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("date"), "Thu, 01 Jan 1970 23:58:30 GMT");
    EXPECT_EQ(emulator.emulator.store().now(), 86'400'000);
}

}  // namespace
}  // namespace bqconn::emulator
