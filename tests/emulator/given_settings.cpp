#include "emulator/given_settings.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/text.hpp"

namespace bqconn::emulator {

Words exec_with(const Words& options, const Words& command) {
    Words words{binary, "exec"};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back("--");
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

Finished exec(const Words& command, const Words& options, const Words& environment) {
    return run_program(exec_with(options, command), environment);
}

Variables variables_of(const std::string& text) {
    Variables variables;
    for (const auto& line : split(text, '\n')) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) {
            variables[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    return variables;
}

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

Headers credentials_of(const Variables& settings) {
    const std::string form = "client_id=" + percent_encode(settings.at("BQCONN_API_KEY")) +
                             "&client_secret=" + percent_encode(settings.at("BQCONN_API_SECRET")) +
                             "&grant_type=client_credentials&scope=openid,AdobeID";
    const Reply token = send(port_of(settings.at("BQCONN_IMS_URL")), "POST", "/ims/token/v3",
                             {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
    EXPECT_EQ(token.status, 200) << token.body;
    return {{"Authorization", "Bearer " + token.json().at("access_token").get<std::string>()},
            {"x-api-key", settings.at("BQCONN_API_KEY")},
            {"x-gw-ims-org-id", settings.at("BQCONN_ORG_ID")},
            {"x-sandbox-name", settings.at("BQCONN_SANDBOX_NAME")},
            {"Content-Type", "application/json"}};
}

Reply create_with(const Variables& settings, const Headers& headers) {
    Json body = basic_body();
    body["auth"]["params"] = {{"project", settings.at("BQCONN_PROJECT")},
                              {"clientId", settings.at("BQCONN_CLIENT_ID")},
                              {"clientSecret", settings.at("BQCONN_CLIENT_SECRET")},
                              {"refreshToken", settings.at("BQCONN_REFRESH_TOKEN")}};
    return send(port_of(settings.at("BQCONN_PLATFORM_URL")), "POST",
                "/data/foundation/flowservice/connections", headers, body.dump());
}

}  // namespace bqconn::emulator
