#include "bqconn/emulator/store.hpp"

#include <algorithm>
#include <utility>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

std::vector<Sandbox> make_sandboxes() {
    return {{random_uuid(), "prod", "Production", "production", "VA7", true},
            {random_uuid(), "dev", "Development", "development", "VA7", false},
            {random_uuid(), "aws-dev", "Development on AWS", "development", "VA6", false}};
}

}  // namespace

std::string random_uuid() {
    std::string hex = crypto::random_hex(16);
    hex[12] = '4';
    hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
           hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string random_etag() {
    return "\"" + crypto::random_hex(4) + "-0000-0200-0000-" + crypto::random_hex(4) + "0000\"";
}

Store::Store(Clock clock) : clock_(std::move(clock)), sandboxes_(make_sandboxes()) {}

std::string Store::issue_token(const std::string& client_id) {
    std::string token = "emulated-access-token-" + crypto::random_hex(32);
    const std::lock_guard lock(mutex_);
    tokens_[token] = {client_id, clock_() + token_lifetime};
    return token;
}

std::optional<std::string> Store::client_of_token(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(token);
    if (found == tokens_.end() || found->second.expires_at <= clock_()) {
        return std::nullopt;
    }
    return found->second.client_id;
}

const Sandbox* Store::find_sandbox(std::string_view name) const {
    const auto found = std::find_if(sandboxes_.begin(), sandboxes_.end(),
                                    [&](const Sandbox& sandbox) { return sandbox.name == name; });
    return found == sandboxes_.end() ? nullptr : &*found;
}

ConnectionPointer Store::add_connection(Connection connection) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_().time_since_epoch();
    connection.id = random_uuid();
    connection.etag = random_etag();
    connection.created_at = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    connection.updated_at = connection.created_at;
    auto added = std::make_shared<const Connection>(std::move(connection));
    connections_.push_back(added);
    return added;
}

std::vector<ConnectionPointer> Store::connections(const Sandbox& sandbox) const {
    std::vector<ConnectionPointer> found;
    const std::lock_guard lock(mutex_);
    std::copy_if(connections_.begin(), connections_.end(), std::back_inserter(found),
                 [&](const auto& connection) { return connection->sandbox_id == sandbox.id; });
    return found;
}

ConnectionPointer Store::find_connection(const Sandbox& sandbox, std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(connections_.begin(), connections_.end(), [&](const auto& connection) {
            return connection->id == id && connection->sandbox_id == sandbox.id;
        });
    return found == connections_.end() ? nullptr : *found;
}

}  // namespace bqconn::emulator
