// A run of auth google over real sockets, with the test as the browser.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bqconn/http/url.hpp"
#include "support/http_call.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::tests {

// An answer from Google's token service.
inline constexpr const char* granted =
    R"({"access_token":"made-up-google-access","expires_in":3599,"token_type":"Bearer",)"
    R"("refresh_token":"1//made-up-google-refresh",)"
    R"("scope":"https://www.googleapis.com/auth/cloud-platform )"
    R"(https://www.googleapis.com/auth/bigquery"})";

// The value of a query or form parameter.
inline std::string parameter(const std::string& text, const std::string& name) {
    const auto at = text.find(name + "=");
    if (at == std::string::npos) {
        return "none";
    }
    const auto begin = at + name.size() + 1;
    return http::percent_decode(text.substr(begin, text.find('&', begin) - begin));
}

// A run whose browser visits these targets ("/?code=…", with STATE replaced) one after the other.
struct Consented {
    Consented(std::vector<std::string> args, std::vector<std::string> visited)
        : run(std::move(args)), targets(std::move(visited)) {
        run.args.insert(run.args.begin(), {"auth", "google"});
        run.set("XDG_CONFIG_HOME", folder.path().c_str());
        run.set("BQCONN_CLIENT_ID", "client.apps.googleusercontent.com");
        run.set("BQCONN_CLIENT_SECRET", "made-up-client-secret");
        run.browse = [this](const std::string& address) {
            url = address;
            browser = std::thread([this] { visit(); });
        };
    }
    ~Consented() {
        if (browser.joinable()) {
            browser.join();
        }
    }
    Consented(const Consented&) = delete;
    Consented& operator=(const Consented&) = delete;

    void visit() {
        for (std::string target : targets) {
            if (const auto at = target.find("STATE"); at != std::string::npos) {
                target.replace(at, 5, parameter(url, "state"));
            }
            const auto outcome =
                test::call_once(test::get(parameter(url, "redirect_uri") + target));
            pages.push_back(outcome.response ? outcome.response->body : outcome.text());
            policies.push_back(
                outcome.response ? std::string(outcome.response->header("Content-Security-Policy"))
                                 : "");
            statuses.push_back(outcome.response ? outcome.response->status : 0);
        }
    }
    int operator()() {
        const int status = run();
        if (browser.joinable()) {
            browser.join();
        }
        for (const char* const secret :
             {"made-up-google", "made-up-client-secret", "made-up-code"}) {
            EXPECT_EQ(run.err.str().find(secret), std::string::npos) << run.err.str();
        }
        return status;
    }
    std::string file(const std::string& name) const {
        std::ifstream in(folder.path("bqconn/" + name));
        return {std::istreambuf_iterator<char>(in), {}};
    }

    TempFolder folder;
    OneRun run;
    std::vector<std::string> targets;
    std::string url;
    std::thread browser;
    std::vector<std::string> pages;
    std::vector<std::string> policies;
    std::vector<int> statuses;
};

}  // namespace bqconn::tests
