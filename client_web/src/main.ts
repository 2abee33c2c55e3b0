import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import App from '@/App.vue'
import { configureApi } from '@/api/client'
import { currentLanguage, firstLanguage, i18n, useLanguage } from '@/i18n'
import { router } from '@/router'
import { useSession } from '@/stores/session'
import { useTheme } from '@/stores/theme'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/styles/theme.css'
import '@/styles/base.css'
import '@/styles/sheet.css'

async function begin(): Promise<void> {
  await useLanguage(firstLanguage())
  const app = createApp(App).use(createPinia()).use(i18n)
  const { t } = i18n.global
  configureApi({
    language: currentLanguage,
    unreachable: () => t('common.unreachable'),
    unexplained: (status) => t('common.unexplained', { status }),
    onUnauthorized: () => {
      useSession().forget()
      const here = router.currentRoute.value
      if (!here.meta.open) void router.replace({ name: 'login', query: here.fullPath === '/' ? {} : { to: here.fullPath } })
    },
  })
  useTheme()
  watch(
    () => [router.currentRoute.value.meta.title, i18n.global.locale.value] as const,
    ([title]) => (document.title = title ? `${t(`nav.${title}`)} · ${t('common.product')}` : t('common.product')),
  )
  app.use(router).mount('#app')
}

void begin()
