#include "reliability/truthful_service.hpp"

#include <array>
#include <chrono>
#include <ctime>

#include "reliability/in_process.hpp"

namespace bqconn::reliability {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::system_clock;

std::int64_t in_milliseconds(system_clock::time_point time) {
    return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

std::string date_header() {
    const std::time_t now = system_clock::to_time_t(system_clock::now());
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    return text.data();
}

std::string item(const std::string& id, std::int64_t created_at) {
    return R"({"id":")" + id + R"(","etag":"\"ca00acbf\"","name":"Warehouse","state":"enabled",)" +
           R"("createdAt":)" + std::to_string(created_at) + "}";
}

}  // namespace

TruthfulService::TruthfulService(const Fault& fault, bool applies, bool has_older)
    : fault_(fault),
      applies_(applies),
      has_older_(has_older),
      server_([this](test::RawConnection& connection) { serve(connection); }) {}

void TruthfulService::serve(test::RawConnection& connection) {
    for (;;) {
        const std::string start = connection.peek(longest_start);
        if (start.empty()) {
            return;
        }
        const Endpoint endpoint = endpoint_of(start);
        if (endpoint != Endpoint::create) {
            connection.read_request();
            lists_ += endpoint == Endpoint::list ? 1 : 0;
            const Good good = good_answer(endpoint);
            connection.send(test::answer(
                good.status, endpoint == Endpoint::list ? list() : good.body, date_header()));
            continue;
        }
        ++posts_;
        const std::string request = fault_.unread ? "" : connection.read_request();
        if (applies_) {
            created_at_ = in_milliseconds(system_clock::now());
        }
        fault_.strike(connection, fault_.unread ? Good{} : good_answer(endpoint), request);
        return;
    }
}

std::string TruthfulService::list() const {
    std::string items;
    if (has_older_) {
        items = item("an-older-one", in_milliseconds(system_clock::now() - hours(1)));
    }
    if (created_at_ != 0) {
        items += (items.empty() ? "" : ",") + item(created_id, created_at_);
    }
    return R"({"items":[)" + items + "]}";
}

std::vector<std::string> TruthfulService::environment(bool given_token) const {
    return settings(server_.url(""), server_.url(""), given_token);
}

}  // namespace bqconn::reliability
