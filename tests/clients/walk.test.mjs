// A shop's walk through Scrip with the vendor's own client, unchanged. Each test needs what the tests before it made.
import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import sdk from '@voucherify/sdk'

const setting = name => process.env[name] ?? assert.fail(`${name} is not set`)
const apiUrl = setting('SCRIP_CLIENT_URL')
const applicationId = setting('SCRIP_CLIENT_APP_ID')
const secretKey = setting('SCRIP_CLIENT_APP_TOKEN')
const client = sdk.VoucherifyServerSide({ apiUrl, applicationId, secretKey, channel: 'scrip-tests' })

const mark = Date.now().toString(36)
const customer = { source_id: `customer-${mark}` }
const campaignName = `Summer ${mark}`
const coupon = `FIVE-${mark}`
const giftCard = `GIFT-${mark}`
const cart = {
  items: [
    { product_id: `shirt-${mark}`, quantity: 2 },
    { product_id: `shoes-${mark}`, quantity: 1 },
  ],
}

// What one test leaves for the next.
const made = {}

const refused = (code, key) => error => {
  assert.equal(error.code, code)
  assert.equal(error.key, key)
  assert.equal(typeof error.message, 'string')
  assert.equal(typeof error.request_id, 'string')
  return true
}

const eventually = async (what, look) => {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    const found = await look()
    if (found) return found
    await sleep(100)
  }
  assert.fail(`${what} did not happen within 30 s`)
}

test('products and a customer are created', async () => {
  const shirt = await client.products.create({ name: 'Shirt', source_id: `shirt-${mark}`, price: 1000 })
  const shoes = await client.products.create({ name: 'Shoes', source_id: `shoes-${mark}`, price: 3000 })
  assert.equal(shirt.object, 'product')
  assert.equal((await client.products.get(shoes.id)).price, 3000)
  assert.equal((await client.products.get(`shirt-${mark}`)).id, shirt.id)

  const created = await client.customers.create({ ...customer, name: 'Ada', email: 'ada@shop.test', metadata: { tier: 'gold' } })
  assert.equal(created.object, 'customer')
  assert.equal((await client.customers.get(customer.source_id)).id, created.id)
})

test('a campaign generates its vouchers', async () => {
  const campaign = await client.campaigns.create({
    name: campaignName,
    campaign_type: 'DISCOUNT_COUPONS',
    type: 'STATIC',
    vouchers_count: 3,
    voucher: {
      type: 'DISCOUNT_VOUCHER',
      discount: { type: 'PERCENT', percent_off: 10 },
      redemption: { quantity: 1 },
      code_config: { length: 8, pattern: 'SUM-########' },
    },
  })
  assert.equal(campaign.object, 'campaign')

  const ready = await eventually('generating the vouchers', async () => {
    const now = await client.campaigns.get(campaignName)
    return now.vouchers_generation_status === 'DONE' && now
  })
  assert.equal(ready.id, campaign.id)

  const { vouchers, total } = await client.vouchers.list({ campaign: campaignName, limit: 10 })
  assert.equal(total, 3)
  assert.equal(new Set(vouchers.map(voucher => voucher.code)).size, 3)
  for (const voucher of vouchers) assert.match(voucher.code, /^SUM-.{8}$/)
  made.summer = vouchers[0].code
})

test('a stack of two is validated and consumes nothing', async () => {
  await client.vouchers.create({ code: coupon, type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 500 }, redemption: { quantity: 1 } })
  made.stack = [
    { object: 'voucher', id: made.summer },
    { object: 'voucher', id: coupon },
  ]
  const validation = await client.validations.validateStackable({ redeemables: made.stack, customer, order: cart })
  assert.equal(validation.valid, true)
  assert.deepEqual(validation.redeemables.map(one => one.status), ['APPLICABLE', 'APPLICABLE'])
  assert.equal(validation.order.amount, 5000)
  assert.equal(validation.order.total_discount_amount, 1000)
  assert.equal(validation.order.total_amount, 4000)
  assert.ok(validation.stacking_rules)
  assert.equal((await client.vouchers.get(coupon)).redemption.redeemed_quantity, 0)
})

test('the stack is redeemed and its order carries the totals', async () => {
  const result = await client.redemptions.redeemStackable({ redeemables: made.stack, customer, order: { ...cart, source_id: `order-${mark}` } })
  assert.equal(result.redemptions.length, 2)
  assert.deepEqual(result.redemptions.map(one => one.result), ['SUCCESS', 'SUCCESS'])
  assert.equal(result.order.total_amount, 4000)

  const order = await client.orders.get(`order-${mark}`)
  assert.equal(order.amount, 5000)
  assert.equal(order.total_discount_amount, 1000)
  assert.equal(order.total_amount, 4000)
  assert.equal((await client.vouchers.get(coupon)).redemption.redeemed_quantity, 1)
  made.parent = result.parent_redemption.id
})

test('a code that was used up is refused', async () => {
  const validation = await client.validations.validateStackable({ redeemables: [{ object: 'voucher', id: coupon }], customer, order: cart })
  assert.equal(validation.valid, false)
  await assert.rejects(
    client.redemptions.redeemStackable({ redeemables: [{ object: 'voucher', id: coupon }], customer, order: cart }),
    refused(400, 'quantity_exceeded'),
  )
})

test('rolling the stack back gives every use back', async () => {
  const result = await client.redemptions.rollbackStackable(made.parent)
  assert.equal(result.rollbacks.length, 2)
  assert.equal((await client.vouchers.get(coupon)).redemption.redeemed_quantity, 0)
  assert.equal((await client.vouchers.get(made.summer)).redemption.redeemed_quantity, 0)
  await assert.rejects(client.redemptions.rollbackStackable(made.parent), refused(400, 'already_rolled_back'))
})

test('a gift card is spent in part and topped up', async () => {
  await client.vouchers.create({ code: giftCard, type: 'GIFT_VOUCHER', gift: { amount: 10000, effect: 'APPLY_TO_ORDER' }, redemption: { quantity: null } })
  const result = await client.redemptions.redeemStackable({
    redeemables: [{ object: 'voucher', id: giftCard, gift: { credits: 3000 } }],
    customer,
    order: cart,
  })
  assert.equal(result.redemptions[0].result, 'SUCCESS')
  assert.equal(result.order.total_amount, 2000)
  made.gift = result.redemptions[0].id

  const spent = await client.vouchers.get(giftCard)
  assert.equal(spent.gift.amount, 10000)
  assert.equal(spent.gift.balance, 7000)

  const adjusted = await client.vouchers.balance.create(giftCard, { amount: 1000 })
  assert.equal(adjusted.amount, 1000)
  assert.equal(adjusted.balance, 8000)
  assert.equal((await client.vouchers.get(giftCard)).gift.balance, 8000)
})

test('one voucher is validated and redeemed by the older calls', async () => {
  const code = `ONE-${mark}`
  await client.vouchers.create({ code, type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 500 }, redemption: { quantity: 1 } })
  const valid = await client.validations.validateVoucher(code, { customer, order: cart })
  assert.equal(valid.valid, true)
  assert.equal(valid.discount.amount_off, 500)
  assert.equal(valid.order.total_amount, 4500)
  const redeemed = await client.redemptions.redeem(code, { customer, order: cart })
  assert.equal(redeemed.result, 'SUCCESS')
  assert.equal(redeemed.order.total_amount, 4500)
  const again = await client.validations.validateVoucher(code, { customer, order: cart })
  assert.equal(again.valid, false)
  assert.equal(again.error.key, 'quantity_exceeded')
  await assert.rejects(client.redemptions.redeem(code, { customer, order: cart }), refused(400, 'quantity_exceeded'))
})

test('a session keeps a code until it is released', async () => {
  const code = `HELD-${mark}`
  const redeemables = [{ object: 'voucher', id: code }]
  await client.vouchers.create({ code, type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 500 }, redemption: { quantity: 1 } })
  const { session } = await client.validations.validateStackable({ redeemables, order: cart, session: { type: 'LOCK' } })
  assert.match(session.key, /^ssn_/)
  assert.deepEqual([session.type, session.ttl, session.ttl_unit], ['LOCK', 7, 'DAYS'])
  assert.equal((await client.validations.validateStackable({ redeemables, order: cart })).valid, false)

  await client.vouchers.releaseValidationSession(code, session.key)
  assert.equal((await client.validations.validateStackable({ redeemables, order: cart })).valid, true)
  await assert.rejects(client.vouchers.releaseValidationSession(code, session.key), refused(404, 'not_found'))

  const mine = { type: 'LOCK', key: `cart-${mark}` }
  await client.validations.validateStackable({ redeemables, order: cart, session: mine })
  await assert.rejects(client.redemptions.redeemStackable({ redeemables, order: cart }), refused(400, 'quantity_exceeded'))
  assert.equal((await client.redemptions.redeemStackable({ redeemables, order: cart, session: mine })).redemptions[0].result, 'SUCCESS')
})

test('a promotion needs no code: its tiers and stacks are validated and redeemed', async () => {
  const order = { amount: 10000 }
  const tier = (name, amount_off) => ({ name, action: { discount: { type: 'AMOUNT', amount_off } } })
  const campaign = await client.campaigns.create({ name: `Promotion ${mark}`, campaign_type: 'PROMOTION', promotion: { tiers: [tier('first', 100)] } })
  const [first] = campaign.promotion.tiers
  const second = await client.promotions.tiers.create(campaign.id, tier('second', 200))
  assert.deepEqual((await client.promotions.tiers.list(campaign.id)).tiers.map(one => one.id).sort(), [first.id, second.id].sort())

  const redeemables = [{ object: 'promotion_tier', id: second.id }]
  assert.equal((await client.validations.validateStackable({ redeemables, order })).order.total_amount, 9800)
  assert.deepEqual((await client.promotions.validate({ order })).promotions.map(one => one.id), [first.id, second.id])

  const redeemed = await client.promotions.tiers.redeem(first.id, { customer, order })
  assert.equal(redeemed.order.total_amount, 9900)
  assert.equal((await client.redemptions.rollback(redeemed.id, 'walk')).result, 'SUCCESS')

  const stack = await client.promotions.stack.createInCampaign(campaign.id, { name: 'both', tiers: { ids: [second.id, first.id] } })
  const both = await client.redemptions.redeemStackable({ redeemables: [{ object: 'promotion_stack', id: stack.id }], order })
  assert.equal(both.order.total_amount, 9700)
  assert.equal((await client.redemptions.rollbackStackable(both.parent_redemption.id)).rollbacks.length, 2)
})

test('redemptions are listed and read one by one', async () => {
  const list = await client.redemptions.list({ limit: 100, order: '-created_at' })
  assert.equal(list.object, 'list')
  assert.ok(list.redemptions.some(one => one.id === made.gift))
  assert.equal((await client.redemptions.get(made.gift)).result, 'SUCCESS')
  assert.equal((await client.redemptions.getForVoucher(giftCard)).redemption_entries?.length, 1)
})

test('what could be redeemed is told, page by page', async () => {
  const told = []
  let page = { has_more: true }
  while (page.has_more) {
    const options = { limit: 1, expand: ['redeemable'], ...(page.more_starting_after && { starting_after: page.more_starting_after }) }
    const answer = await client.qualifications.checkEligibility({ scenario: 'ALL', customer, order: cart, options })
    page = answer.redeemables
    assert.equal(page.total, page.data.length)
    told.push(...page.data.map(one => one.id))
  }
  assert.equal(new Set(told).size, told.length)
  assert.ok(told.includes(coupon))
  const examined = await client.vouchers.qualifications.examine({ customer, order: cart }, { limit: 50 })
  assert.ok(examined.data.some(one => one.code === coupon))
  const campaigns = await client.campaigns.qualifications.examine({ customer, order: cart })
  assert.ok(campaigns.data.some(one => one.name === campaignName))
})

test('an export is made and its link opens the file', async () => {
  const made = await client.distributions.exports.create({
    exported_object: 'voucher',
    parameters: { fields: ['code', 'discount_type'], order: '-created_at', filters: { junction: 'AND', code: { conditions: { $in: [coupon] } } } },
  })
  let told = made
  for (let tries = 0; tries < 200 && told.status !== 'DONE'; tries++) {
    await new Promise(done => setTimeout(done, 50))
    told = await client.distributions.exports.get(made.id)
  }
  const file = await fetch(told.result.url)
  const [title, line] = (await file.text()).split('\r\n')
  assert.equal(title, 'Code,Discount Type')
  assert.ok(line.startsWith(coupon))
  assert.ok((await client.distributions.exports.list({ limit: 10, order: '-created_at' })).exports.some(one => one.id === made.id))
  await client.distributions.exports.delete(made.id)
  await assert.rejects(client.distributions.exports.get(made.id), refused(404, 'not_found'))
  const moved = await client.vouchers.exportTransactions(giftCard, { parameters: { order: '-created_at', fields: ['id', 'type'] } })
  assert.equal(moved.exported_object, 'voucher_transactions')
})

test('metadata schemas are read', async () => {
  const list = await client.metadataSchemas.list()
  assert.equal(list.data_ref, 'schemas')
  assert.ok(Array.isArray(list.schemas))
  await assert.rejects(client.metadataSchemas.get(`nothing-${mark}`), refused(404, 'not_found'))
})

test('an unknown code has the documented error', async () => {
  await assert.rejects(client.vouchers.get(`NOWHERE-${mark}`), refused(404, 'not_found'))
  await assert.rejects(
    client.redemptions.redeemStackable({ redeemables: [{ object: 'voucher', id: `NOWHERE-${mark}` }], order: cart }),
    refused(404, 'not_found'),
  )
})

test('an expired voucher has the documented error', async () => {
  const code = `OLD-${mark}`
  await client.vouchers.create({
    code,
    type: 'DISCOUNT_VOUCHER',
    discount: { type: 'AMOUNT', amount_off: 100 },
    start_date: '2020-01-01T00:00:00Z',
    expiration_date: '2020-02-01T00:00:00Z',
  })
  const validation = await client.validations.validateStackable({ redeemables: [{ object: 'voucher', id: code }], order: cart })
  assert.equal(validation.valid, false)
  await assert.rejects(
    client.redemptions.redeemStackable({ redeemables: [{ object: 'voucher', id: code }], order: cart }),
    refused(400, 'voucher_expired'),
  )
})

test('a wrong token is refused', async () => {
  const stranger = sdk.VoucherifyServerSide({ apiUrl, applicationId, secretKey: 'wrong' })
  await assert.rejects(stranger.vouchers.list(), refused(401, 'unauthorized'))
})

// What a file was imported to, once it is.
const imported = async started => {
  assert.match(started.async_action_id, /^aa_/)
  return await eventually(`the end of ${started.async_action_id}`, async () => {
    const action = await client.asyncActions.get(started.async_action_id)
    return action.status === 'DONE' && action
  })
}

const file = async (name, text) => {
  const path = join(await mkdtemp(join(tmpdir(), 'scrip-walk-')), name)
  await writeFile(path, text)
  return path
}

test('files of vouchers, customers, products and SKUs are imported, and bad rows are told', async () => {
  const vouchers = await imported(await client.vouchers.importCSV(await file('vouchers.csv',
    `Code,Voucher Type,Discount Type,Value,Region\nCSV-${mark},DISCOUNT_VOUCHER,AMOUNT,1500,North\nBAD-${mark},NOTHING,,,\n`)))
  assert.equal(vouchers.type, 'VOUCHERS.IMPORT_CSV')
  assert.equal(vouchers.result.done_count, 1)
  assert.deepEqual(vouchers.result.failed.map(one => [one.code, one.row]), [[`BAD-${mark}`, 2]])
  const voucher = await client.vouchers.get(`CSV-${mark}`)
  assert.deepEqual([voucher.discount.amount_off, voucher.metadata.Region], [1500, 'North'])

  await imported(await client.campaigns.importVouchersCSV(campaignName, await file('codes.csv', `Code,Active\nOWN-${mark},TRUE\n`)))
  assert.equal((await client.vouchers.get(`OWN-${mark}`)).campaign, campaignName)
  await imported(await client.customers.importCSV(await file('customers.csv', `Source_id,Name,tier\ncsv-${mark},Cleo,gold\n`)))
  const cleo = await client.customers.get(`csv-${mark}`)
  assert.deepEqual([cleo.name, cleo.metadata.tier], ['Cleo', 'gold'])
  await imported(await client.products.importCSV(await file('products.csv', `name,source_id,price\nMug,mug-${mark},14.5\n`)))
  assert.equal((await client.products.get(`mug-${mark}`)).price, 1450)
  await imported(await client.products.importSkusCSV(await file('skus.csv', `product_id,sku,source_id,price\nmug-${mark},Blue mug,blue-${mark},15\n`)))
  assert.equal((await client.products.getSku(`blue-${mark}`)).price, 1500)
})

test('lists are imported and changed in bulk', async () => {
  await imported(await client.vouchers.import([{ code: `LIST-${mark}`, type: 'GIFT_VOUCHER', gift: { amount: 700 }, active: true }]))
  assert.equal((await client.vouchers.get(`LIST-${mark}`)).gift.balance, 700)
  await imported(await client.orders.import([{ source_id: `old-${mark}`, status: 'PAID', amount: 990, customer: { source_id: `csv-${mark}` } }]))
  assert.equal((await client.customers.get(`csv-${mark}`)).summary.orders.total_amount, 990)
  await imported(await client.customers.updateInBulk([{ source_id: `csv-${mark}`, name: 'Cleopatra' }]))
  await imported(await client.customers.updateMetadataInBulk({ source_ids: [`csv-${mark}`], metadata: { tier: 'silver' } }))
  const cleo = await client.customers.get(`csv-${mark}`)
  assert.deepEqual([cleo.name, cleo.metadata.tier], ['Cleopatra', 'silver'])
  assert.ok((await client.asyncActions.list({ limit: 3 })).async_actions.length > 0)
})

test('a code is published and a segment is asked for', async () => {
  const publication = await client.distributions.publications.create({ voucher: `CSV-${mark}`, customer: { source_id: `csv-${mark}` }, channel: 'walk' })
  assert.equal(publication.voucher.code, `CSV-${mark}`)
  assert.ok((await client.distributions.publications.list({ voucher: `CSV-${mark}` })).publications.length === 1)
  const segment = await client.segments.create({ name: `Walkers ${mark}`, type: 'static', customers: [(await client.customers.get(`csv-${mark}`)).id] })
  assert.equal((await client.segments.get(segment.id)).name, `Walkers ${mark}`)
  await client.segments.delete(segment.id)
  await assert.rejects(client.segments.get(segment.id), refused(404, 'not_found'))
})

test('points are earned, kept, and pay', async () => {
  const { loyalties } = client
  const program = await loyalties.create({ name: `Club ${mark}`, join_once: true, voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 100 }, code_config: { pattern: `CLUB-${mark}-####` } } })
  const [rule] = await loyalties.createEarningRule(program.id, [{
    event: 'order.paid',
    loyalty: { type: 'PROPORTIONAL', calculation_type: 'ORDER_AMOUNT', order: { amount: { every: 1000, points: 1 } } },
    source: { banner: 'Points' },
  }])
  assert.deepEqual((await loyalties.listEarningRules(program.id, {})).data.map(one => one.id), [rule.id])
  const member = await loyalties.createMember(program.id, { customer: { source_id: `csv-${mark}` } })
  assert.equal((await loyalties.addOrRemoveCardBalance(member.code, { points: 50 })).balance, 150)
  await client.orders.create({ source_id: `paid-${mark}`, status: 'PAID', amount: 12000, customer: { source_id: `csv-${mark}` } })
  const becomes = async expected => {
    const points = async () => (await loyalties.getMember(program.id, member.code)).loyalty_card.balance
    for (let turn = 0; turn < 100 && await points() !== expected; turn++) await sleep(100)
    assert.equal(await points(), expected)
  }
  await becomes(162)

  const reward = await client.rewards.create({ name: 'Pay', parameters: { coin: { exchange_ratio: 1, points_ratio: 10 } } })
  await loyalties.createRewardAssignments(program.id, [{ reward: reward.id }])
  assert.deepEqual((await loyalties.listMemberRewards(member.code, {})).data.map(one => one.reward.id), [reward.id])
  const redeemed = await loyalties.redeemReward(program.id, member.code, { reward: { id: reward.id, points: 20 }, order: { amount: 1000 } })
  assert.deepEqual([redeemed.result, redeemed.order.total_amount], ['SUCCESS', 800])
  // The order that was paid with points earns one itself.
  await becomes(143)
  await client.redemptions.rollback(redeemed.id)
  await becomes(163)
  assert.equal((await loyalties.createTiers(program.id, [{ name: 'Gold', points: { from: 100 } }])).length, 1)
  assert.equal((await loyalties.listTiers(program.id)).total, 1)
})
