#include "bqconn/auth/token_cache.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_seconds;

const TokenKey cache_key{"https://ims.test", "made-up-key", "a,b"};
const sys_seconds test_time{std::chrono::seconds(1'800'000'000)};
const CachedToken cached_token{Secret("made-up-token"), test_time + hours(24)};

std::string file_text(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::trunc) << text;
}

class TokenCacheTest : public testing::Test {
  protected:
    TokenCache cache_of(const TokenKey& of) const { return {folder_.path() + "/cache", of}; }
    TokenCache written() const {
        TokenCache cache = cache_of(cache_key);
        EXPECT_TRUE(cache.try_lock());
        EXPECT_TRUE(cache.write(cached_token, test_time));
        return cache;
    }
    tests::TempFolder folder_;
};

TEST_F(TokenCacheTest, IsPrivateAndHoldsNoClientSecret) {
    const TokenCache cache = written();
    struct stat status {};
    ASSERT_EQ(::stat(cache.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat((folder_.path() + "/cache").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    const auto read = cache.read(test_time);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->token.reveal(), "made-up-token");
    EXPECT_EQ(read->expires_at, test_time + hours(24));
}

TEST_F(TokenCacheTest, IsRenewedBeforeTheTokenEnds) {
    const TokenCache cache = written();
    EXPECT_TRUE(cache.read(test_time + hours(24) - minutes(6)));
    EXPECT_FALSE(cache.read(test_time + hours(24) - minutes(5)));
    EXPECT_FALSE(cache.read(test_time + hours(48)));
    EXPECT_FALSE(cache.read(test_time - hours(24)))
        << "the clock was set back, so the expiry is unknown";
    EXPECT_TRUE(cache.read(test_time - minutes(1)));
}

TEST_F(TokenCacheTest, EveryKeyHasItsOwn) {
    written();
    for (const TokenKey& other : {TokenKey{"https://other.test", "made-up-key", "a,b"},
                                  TokenKey{"https://ims.test", "other-key", "a,b"},
                                  TokenKey{"https://ims.test", "made-up-key", "a"}}) {
        EXPECT_FALSE(cache_of(other).read(test_time));
    }
    // A cache file under another's name is not used.
    const TokenCache other = cache_of({"https://other.test", "made-up-key", "a,b"});
    std::filesystem::copy(cache_of(cache_key).path(), other.path());
    EXPECT_FALSE(other.read(test_time));
}

TEST_F(TokenCacheTest, ADamagedFileIsAsIfAbsent) {
    const TokenCache cache = written();
    const std::string whole = file_text(cache.path());
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        put(cache.path(), whole.substr(0, size));
        EXPECT_FALSE(cache.read(test_time)) << size;
    }
    for (const char* const text : {"[]", "null", "{\"version\":1}", "\xff"}) {
        put(cache.path(), text);
        EXPECT_FALSE(cache.read(test_time)) << text;
    }
    std::string two_lines = whole;
    two_lines.replace(two_lines.find("made-up-token"), 7, "a\\r\\nb");
    put(cache.path(), two_lines);
    EXPECT_FALSE(cache.read(test_time)) << "it would go into a header";
    put(cache.path(), whole);
    EXPECT_TRUE(cache.read(test_time));
    ASSERT_EQ(::chmod(cache.path().c_str(), 0640), 0);
    EXPECT_FALSE(cache.read(test_time)) << "others can read it";
    cache.remove();
    EXPECT_FALSE(cache.read(test_time));
    ASSERT_EQ(::symlink("/dev/null", cache.path().c_str()), 0);
    EXPECT_FALSE(cache.read(test_time));
}

TEST_F(TokenCacheTest, OldFilesAreClearedAway) {
    const TokenCache old = cache_of({"https://ims.test", "old", ""});
    const TokenCache cache = written();
    put(old.path(), "{}");
    std::filesystem::last_write_time(old.path(),
                                     std::filesystem::file_time_type::clock::now() - hours(100));
    put(folder_.path() + "/cache/other", "");
    EXPECT_TRUE(cache.write(cached_token, test_time));
    EXPECT_FALSE(std::filesystem::exists(old.path()));
    EXPECT_TRUE(std::filesystem::exists(cache.path()));
    EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/cache/other"));
}

TEST_F(TokenCacheTest, AllAreCleared) {
    const std::string folder = folder_.path() + "/cache";
    EXPECT_EQ(clear_tokens(folder), 0U) << "the folder does not exist";
    const TokenCache cache = written();
    put(folder + "/token-of-another.json", "x");
    put(folder + "/other", "x");
    EXPECT_EQ(clear_tokens(folder), 2U);
    EXPECT_FALSE(cache.read(test_time));
    EXPECT_FALSE(std::filesystem::exists(cache.path() + ".lock"));
    EXPECT_TRUE(std::filesystem::exists(folder + "/other"));
    std::filesystem::create_directories(folder + "/token-x/y");
    put(folder + "/token-y.json", "x");
    const Error error = tests::error_of([&folder] { clear_tokens(folder); });
    EXPECT_EQ(error.code(), "config.file_unremovable");
    EXPECT_NE(error.message().find("/token-x: "), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder + "/token-y.json")) << "the others are removed";
    EXPECT_EQ(tests::error_of([&folder] { clear_tokens(folder + "/other"); }).code(),
              "config.file_unremovable");
}

TEST_F(TokenCacheTest, OneHasTheLock) {
    const TokenCache cache = cache_of(cache_key);
    {
        const auto lock = cache.try_lock();
        ASSERT_TRUE(lock);
        EXPECT_FALSE(cache.try_lock());
        EXPECT_TRUE(cache_of({"https://other.test", "", ""}).try_lock());
    }
    EXPECT_TRUE(cache.try_lock());
}

TEST_F(TokenCacheTest, WhereNothingCanBeWrittenNothingIsKept) {
    for (const TokenCache& cache :
         {TokenCache("", cache_key), TokenCache("/dev/null/cache", cache_key)}) {
        EXPECT_TRUE(cache.try_lock());
        EXPECT_FALSE(cache.write(cached_token, test_time));
        EXPECT_FALSE(cache.read(test_time));
    }
}

}  // namespace
}  // namespace bqconn::auth
