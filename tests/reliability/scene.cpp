#include "reliability/scene.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"
#include "reliability/in_process.hpp"

namespace bqconn::reliability {

const std::string created_id = "6990abad-977d-41b9-a85d-17ea8cf1c0e4";

namespace {

constexpr auto endpoint_names =
    std::to_array<std::string_view>({"token", "list", "create", "get", "test", "tables", "table",
                                     "update", "remove", "sources", "sandboxes"});

Endpoint endpoint_named(const std::string& name) {
    const auto found = std::find(endpoint_names.begin(), endpoint_names.end(), name);
    if (found == endpoint_names.end()) {
        throw std::logic_error("tests/verbs.txt: unknown call " + name);
    }
    return static_cast<Endpoint>(found - endpoint_names.begin());
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

std::vector<Verb> read_verbs() {
    std::ifstream in(BQCONN_TESTS_FOLDER "/verbs.txt");
    std::vector<Verb> verbs;
    for (std::string line; std::getline(in, line);) {
        const auto parts = split(line, '|');
        if (line.starts_with('#') || parts.size() != 2) {
            continue;
        }
        Verb verb{std::string(trim_ascii(parts[0])), words_of(parts[0]), {}, false};
        std::replace(verb.arguments.begin(), verb.arguments.end(), std::string("ID"), created_id);
        for (const auto& name : words_of(parts[1])) {
            verb.calls.push_back(endpoint_named(name));
            verb.changes |= changes(verb.calls.back());
        }
        verbs.push_back(std::move(verb));
    }
    return verbs;
}

// Not created before main(): created_id may be initialised later.
std::string item() {
    return R"({"items":[{"id":")" + created_id +
           R"(","etag":"\"e\"","name":"Warehouse","createdAt":1,)"
           R"("state":"enabled"}],"_links":{}})";
}

}  // namespace

bool changes(Endpoint endpoint) {
    return endpoint == Endpoint::create || endpoint == Endpoint::update ||
           endpoint == Endpoint::remove;
}

Endpoint endpoint_of(std::string_view method, std::string_view target) {
    const auto holds = [target](std::string_view part) {
        return target.find(part) != std::string_view::npos;
    };
    if (holds("/ims/")) {
        return Endpoint::token;
    }
    if (method != "GET") {
        return method == "POST"    ? Endpoint::create
               : method == "PATCH" ? Endpoint::update
                                   : Endpoint::remove;
    }
    if (holds("/sandbox-management/")) {
        return Endpoint::sandboxes;
    }
    if (holds("/sourceConnections")) {
        return Endpoint::sources;
    }
    if (holds("/explore?")) {
        return holds("objectType=root") ? Endpoint::tables : Endpoint::table;
    }
    if (holds("/test")) {
        return Endpoint::test;
    }
    return holds("/connections/") ? Endpoint::get : Endpoint::list;
}

Endpoint endpoint_of(std::string_view request) {
    const auto space = request.find(' ');
    const auto end = request.find(' ', space + 1);
    return endpoint_of(request.substr(0, space), request.substr(space + 1, end - space - 1));
}

Good good_answer(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::token:
            return {"200 OK", R"({"access_token":"made-up-fetched-token","token_type":"bearer",)"
                              R"("expires_in":86399})"};
        case Endpoint::list:
            return {"200 OK",
                    R"({"items":[{"id":"an-older-one","etag":"\"e\"","name":"Other","createdAt":1,)"
                    R"("state":"enabled"}],"_links":{}})"};
        case Endpoint::get:
            return {"200 OK", item()};
        case Endpoint::test:
            return {"200 OK", R"({"result":true})"};
        case Endpoint::tables:
            return {"200 OK", R"([{"type":"table","name":"shop.orders","path":"shop.orders"}])"};
        case Endpoint::table:
            return {"200 OK", R"({"schema":{"columns":[{"name":"id","type":"integer"}]}})"};
        case Endpoint::update:
            return {"200 OK", R"({"id":")" + created_id + R"(","etag":"\"f\""})"};
        case Endpoint::remove:
            return {"204 No Content", ""};
        case Endpoint::sources:
            return {"200 OK", R"({"items":[],"_links":{}})"};
        case Endpoint::sandboxes:
            return {"200 OK", R"({"sandboxes":[{"name":"dev","title":"Development"}],)"
                              R"("_links":{"next":{"href":"x"}}})"};
        case Endpoint::create:
            break;
    }
    return {"201 Created", R"({"id":")" + created_id + R"(","etag":"\"ca00acbf\""})"};
}

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> all = read_verbs();
    return all;
}

Service::Service(const Plan& plan, Strike strike)
    : strike_(std::move(strike)),
      platform_([this, plan](test::RawConnection& connection) {
          serve(connection, plan.struck_call, plan.unread, platform_served_);
      }),
      ims_([this, plan](test::RawConnection& connection) {
          serve(connection, plan.struck_token, plan.unread, ims_served_);
      }) {}

void Service::serve(test::RawConnection& connection, int struck, bool unread,
                    std::atomic<int>& served) {
    for (;;) {
        // A connection that closes sooner may close before the request has been sent.
        if (unread && served == struck) {
            const std::string start = connection.peek(longest_start);
            posts_ += !start.empty() && changes(endpoint_of(start)) ? 1 : 0;
            strike_(connection, {}, "");
            return;
        }
        const std::string request = connection.read_request();
        if (request.empty()) {
            return;
        }
        const Endpoint endpoint = endpoint_of(request);
        posts_ += changes(endpoint) ? 1 : 0;
        const Good good = good_answer(endpoint);
        if (served == struck) {
            strike_(connection, good, request);
            return;
        }
        ++served;
        connection.send(test::answer(good.status, good.body));
    }
}

std::vector<std::string> Service::environment(bool given_token) const {
    return settings(platform_.url(""), ims_.url(""), given_token);
}

const std::vector<std::string>& secrets() {
    static const std::vector<std::string> all{"made-up-given-token", "made-up-fetched-token",
                                              "made-up-api-secret", "made-up-client-secret",
                                              "made-up-refresh-token"};
    return all;
}

std::string secret_in(const std::string& text) {
    const auto found = std::find_if(
        secrets().begin(), secrets().end(),
        [&text](const std::string& secret) { return text.find(secret) != std::string::npos; });
    return found == secrets().end() ? "" : *found;
}

}  // namespace bqconn::reliability
