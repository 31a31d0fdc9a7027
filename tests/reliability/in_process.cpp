#include "reliability/in_process.hpp"

#include <sstream>
#include <utility>

#include "bqconn/cli/run.hpp"

namespace bqconn::reliability {

std::vector<std::string> settings(const std::string& platform_url, const std::string& ims_url,
                                  bool given_token) {
    return {"BQCONN_PLATFORM_URL=" + platform_url,
            "BQCONN_IMS_URL=" + ims_url,
            "BQCONN_API_KEY=made-up-key",
            given_token ? "BQCONN_ACCESS_TOKEN=made-up-given-token"
                        : "BQCONN_API_SECRET=made-up-api-secret",
            "BQCONN_ORG_ID=0123ABCD@AdobeOrg",
            "BQCONN_SANDBOX_NAME=dev",
            "BQCONN_PROJECT=my-project-123",
            "BQCONN_CLIENT_ID=client.apps.googleusercontent.com",
            "BQCONN_CLIENT_SECRET=made-up-client-secret",
            "BQCONN_REFRESH_TOKEN=made-up-refresh-token",
            "BQCONN_NO_CACHE=true",
            "BQCONN_OUTPUT=json",
            "HOME=/nonexistent"};
}

Clock clock_without_waiting() {
    auto passed = std::make_shared<std::chrono::milliseconds>(0);
    Clock clock;
    clock.now = [passed] { return std::chrono::steady_clock::now() + *passed; };
    clock.date = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    clock.random = [] { return 0.5; };
    clock.pause = [passed](std::chrono::milliseconds duration) {
        *passed += duration;
        return true;
    };
    return clock;
}

InProcess run_in_process(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment,
                         http::TransportFactory make_transport, const Clock& clock) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    config::Environment variables;
    for (const auto& assignment : environment) {
        const auto equals = assignment.find('=');
        variables.emplace(assignment.substr(0, equals), Secret(assignment.substr(equals + 1)));
    }
    InProcess finished;
    finished.status =
        cli::run({arguments, std::move(variables), output::Streams{in, out, err},
                  std::move(make_transport), clock, [] { return 0; }, [] { return "libcurl"; }});
    finished.out = out.str();
    finished.err = err.str();
    return finished;
}

}  // namespace bqconn::reliability
