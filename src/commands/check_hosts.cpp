// Checks that each service is reachable (DNS, proxy, TLS), and compares its clock with ours.
#include <cstdlib>
#include <future>
#include <map>
#include <vector>

#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using output::Report;

struct Host {
    std::string url;
    bool is_adobe = false;
    bool is_google = false;
};

struct Answer {
    output::Checked checked;
    std::optional<std::chrono::seconds> ahead;  // the service's clock, relative to ours
};

std::vector<Host> hosts_of(const Plan& plan) {
    std::vector<Host> hosts;
    const auto add = [&hosts](const std::string& url, bool adobe) {
        for (auto& host : hosts) {
            if (host.url == url) {
                host.is_adobe = host.is_adobe || adobe;
                host.is_google = host.is_google || !adobe;
                return;
            }
        }
        hosts.push_back({url, adobe, !adobe});
    };
    if (plan.access) {
        add(plan.access->platform_url, true);
        if (plan.access->fetching) {
            add(plan.access->fetching->ims_url, true);
        }
    }
    if (plan.auth) {
        add(plan.google.token_url, false);
        add(plan.google.bigquery_url, false);
    }
    return hosts;
}

std::string proxy_words(Context& context, const std::string& url) {
    if (!url.starts_with("https://")) {
        return "";
    }
    for (const char* const name : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
        if (!config::find(context.environment, name).empty()) {
            return " (" + std::string(name) + " is set)";
        }
    }
    return "";
}

// The hint mentions the proxy if one is set, because it may be the cause.
output::Checked failed_host(Context& context, const Host& host, const Error& error) {
    output::Checked checked = failed_check("host", error);
    const std::string proxy = proxy_words(context, host.url);
    if (!proxy.empty()) {
        checked.hint += "; the proxy may be the cause" + proxy;
    }
    return checked;
}

// Any response counts as reachable.
Answer reach(Context& context, const config::Settings& settings, const Host& host) {
    const std::string name = "host";
    try {
        const auto transport = make_transport(context, settings);
        http::Request request;
        request.url = host.url + "/";
        const http::Response response = transport->send(request);
        const auto date = http::parse_http_date(response.header("Date"), context.clock.date());
        const bool tls = host.url.starts_with("https://");
        return {output::good(name, host.url + " is reachable" +
                                       (tls ? ", its certificate is trusted" : "") +
                                       proxy_words(context, host.url)),
                date ? std::optional(*date - context.clock.date()) : std::nullopt};
    } catch (const Error& error) {
        return {failed_host(context, host, error), std::nullopt};
    }
}

// Uses the smallest difference: if any service agrees with this machine, the others are wrong.
output::Checked clock_of(const std::vector<Answer>& answers) {
    constexpr std::chrono::seconds much{300};
    constexpr std::chrono::seconds little{30};
    std::optional<std::chrono::seconds> least;
    for (const auto& one : answers) {
        if (one.ahead && (!least || std::chrono::abs(*one.ahead) < std::chrono::abs(*least))) {
            least = one.ahead;
        }
    }
    if (!least) {
        return output::skipped("clock", "clock not checked: no service reported the time");
    }
    const auto seconds = std::chrono::abs(*least);
    if (seconds <= little) {
        return output::good("clock", "this machine's clock is correct");
    }
    const std::string words = "this machine's clock is " + std::to_string(seconds.count()) +
                              " seconds " + (*least > std::chrono::seconds(0) ? "slow" : "fast");
    const std::string hint = "set it with: timedatectl set-ntp true";
    if (seconds < much) {
        return output::warning("clock", words, hint);
    }
    return output::failed("clock", {ExitCode::config, "config.clock", words, hint});
}

}  // namespace

Reached check_hosts(Context& context, const config::Settings& settings, const Plan& plan,
                    Report& report) {
    const auto hosts = hosts_of(plan);
    std::vector<std::future<Answer>> running;
    running.reserve(hosts.size());
    for (const auto& host : hosts) {
        running.push_back(std::async(std::launch::async, [&context, &settings, &host] {
            return reach(context, settings, host);
        }));
    }
    Reached reached{plan.access.has_value(), plan.auth.has_value()};
    std::vector<Answer> answers;
    answers.reserve(hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        answers.push_back(running[i].get());
        const bool good = answers.back().checked.verdict == output::Verdict::good;
        reached.adobe = reached.adobe && (good || !hosts[i].is_adobe);
        reached.google = reached.google && (good || !hosts[i].is_google);
        report.push_back(answers.back().checked);
    }
    if (!hosts.empty()) {
        report.push_back(clock_of(answers));
        reached.clock = report.back().verdict != output::Verdict::failed;
    }
    return reached;
}

}  // namespace bqconn::commands
