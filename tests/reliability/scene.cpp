#include "reliability/scene.hpp"

#include <algorithm>
#include <utility>

#include "reliability/in_process.hpp"

namespace bqconn::reliability {

Endpoint endpoint_of(const std::string& request) {
    if (request.starts_with("POST /ims/")) {
        return Endpoint::token;
    }
    if (request.starts_with("POST ")) {
        return Endpoint::create;
    }
    if (request.starts_with("PATCH ")) {
        return Endpoint::update;
    }
    const std::string target = request.substr(0, request.find(" HTTP/"));
    if (target.ends_with("/test")) {
        return Endpoint::test;
    }
    return target.find("/connections/") != std::string::npos ? Endpoint::item : Endpoint::list;
}

const std::string created_id = "6990abad-977d-41b9-a85d-17ea8cf1c0e4";

Good good_answer(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::token:
            return {"200 OK", R"({"access_token":"made-up-fetched-token","token_type":"bearer",)"
                              R"("expires_in":86399})"};
        case Endpoint::list:
            return {"200 OK",
                    R"({"items":[{"id":"an-older-one","etag":"\"e\"","name":"Other","createdAt":1,)"
                    R"("state":"enabled"}],"_links":{}})"};
        case Endpoint::item:
            return {"200 OK", R"({"items":[{"id":")" + created_id +
                                  R"(","etag":"\"ca00acbf\"","name":"Warehouse",)"
                                  R"("state":"enabled"}]})"};
        case Endpoint::test:
            return {"200 OK", R"({"result":true})"};
        case Endpoint::update:
            return {"200 OK", R"({"id":")" + created_id + R"(","etag":"\"cb00acbf\""})"};
        case Endpoint::create:
            break;
    }
    return {"201 Created", R"({"id":")" + created_id + R"(","etag":"\"ca00acbf\""})"};
}

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> all{
        {"create", {"create", "--name", "Warehouse", "--no-recover"}, {Endpoint::create}, true},
        {"create --if-exists reuse",
         {"create", "--name", "Warehouse", "--no-recover", "--if-exists", "reuse"},
         {Endpoint::list, Endpoint::create},
         true},
        {"list", {"list"}, {Endpoint::list}, false},
        {"get", {"get", created_id}, {Endpoint::item}, false},
        {"test", {"test", created_id}, {Endpoint::item, Endpoint::test}, false},
        {"update",
         {"update", created_id, "--new-name", "Warehouse EU"},
         {Endpoint::item, Endpoint::update},
         true},
    };
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
        // A connection that ends sooner may end before the request has left.
        if (unread && served == struck) {
            const std::string start = connection.peek(longest_start);
            writes_ += is_write(endpoint_of(start)) ? 1 : 0;
            strike_(connection, {}, "");
            return;
        }
        const std::string request = connection.read_request();
        if (request.empty()) {
            return;
        }
        const Endpoint endpoint = endpoint_of(request);
        writes_ += is_write(endpoint) ? 1 : 0;
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
